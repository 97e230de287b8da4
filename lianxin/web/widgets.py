"""Three ways to answer that HTML alone has not: cards to choose from, stars, photos.

`parts/field.html` draws a form field by the name of its widget.
"""

from django import forms


class Cards(forms.RadioSelect):
    """A choice of few, each with room for a thumb. A choice's label may be `(title, hint)`."""


class Stars(forms.RadioSelect):
    """One to five, given as `(value, word)`; the word stands under each star."""


class Photos(forms.FileInput):
    """Pictures from camera or album; several where the field allows."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(
            {"accept": "image/*", "multiple": True, "data-preview": True, **(attrs or {})}
        )
