"""What the registry keeps, one concept a file."""

from lianxin.registry.models.account import Invitation, RecoveryCode, SecondStep
from lianxin.registry.models.area import Area, AreaKind
from lianxin.registry.models.batch import Batch, BatchRow
from lianxin.registry.models.boundary import Boundary, Generation
from lianxin.registry.models.building import Building, Door
from lianxin.registry.models.check_in import CheckIn, Promise, Task, UnitCheckIn
from lianxin.registry.models.contact_point import ContactPoint, Visit
from lianxin.registry.models.entry import Entry
from lianxin.registry.models.figure import Figure
from lianxin.registry.models.organisation import Belonging, Cover, Officer, Organisation, Part
from lianxin.registry.models.person import Person, PersonSkill
from lianxin.registry.models.post import Post
from lianxin.registry.models.proof import MailProof, PhoneCode
from lianxin.registry.models.token import Token
from lianxin.registry.models.unit import Duty, Unit
from lianxin.registry.models.vetting import Vetting

__all__ = [
    "Area",
    "AreaKind",
    "Batch",
    "BatchRow",
    "Belonging",
    "Boundary",
    "Building",
    "CheckIn",
    "ContactPoint",
    "Cover",
    "Door",
    "Duty",
    "Entry",
    "Figure",
    "Generation",
    "Invitation",
    "MailProof",
    "Officer",
    "Organisation",
    "Part",
    "Person",
    "PersonSkill",
    "PhoneCode",
    "Post",
    "Promise",
    "RecoveryCode",
    "SecondStep",
    "Task",
    "Token",
    "Unit",
    "UnitCheckIn",
    "Vetting",
    "Visit",
]
