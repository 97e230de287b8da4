"""Takes in what offices send: a file is a batch, checked whole and undone whole."""

from lianxin.registry.imports.divisions import import_divisions
from lianxin.registry.imports.outcome import Outcome
from lianxin.registry.imports.run import import_sheet
from lianxin.registry.imports.undo import Kept, Undone, undo_batch

__all__ = ["Kept", "Outcome", "Undone", "import_divisions", "import_sheet", "undo_batch"]
