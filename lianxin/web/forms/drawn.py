"""Boxes, options and lists of a form, put together here: as templates each costs a dozen others.

What is drawn is what Django's own templates draw, but for empty lines between tags.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape as safe
from django.utils.safestring import SafeString, mark_safe

Widget = dict[str, Any]


def text(value: Any) -> str:
    return safe(value if isinstance(value, str) else str(value))


def attrs(widget: Widget) -> str:
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(
        f" {safe(name)}" if value is True else f' {safe(name)}="{text(value)}"'
        for name, value in given
    )


def box(widget: Widget) -> str:
    kind, name, value = widget["type"], text(widget["name"]), widget["value"]
    filled = "" if value is None else f' value="{text(value)}"'
    return f'<input type="{safe(kind)}" name="{name}"{filled}{attrs(widget)}>'


def option(widget: Widget) -> str:
    """One of several, ticked or not."""
    if not widget["wrap_label"]:
        return box(widget)
    id = widget["attrs"].get("id")
    target = f' for="{text(id)}"' if id else ""
    return f"<label{target}>{box(widget)} {text(widget['label'])}</label>"


def area(widget: Widget) -> str:
    filled = text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{text(widget["name"])}"{attrs(widget)}>\n{filled}</textarea>'


def choices(widget: Widget) -> str:
    """A native list, its groups named."""
    rows = []
    for name, options, _ in widget["optgroups"]:
        rows += [f'  <optgroup label="{text(name)}">'] if name else []
        rows += [
            f'  <option value="{text(o["value"])}"{attrs(o)}>{text(o["label"])}</option>'
            for o in options
        ]
        rows += ["  </optgroup>"] if name else []
    lines = "\n".join(["", *rows, ""])
    return f'<select name="{text(widget["name"])}"{attrs(widget)}>{lines}</select>'


BOXES = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "checkbox")
PARTS: dict[str, Callable[[Widget], str]] = {
    **dict.fromkeys((*BOXES, "input", "file"), box), "select": choices, "textarea": area,
    "radio_option": option, "checkbox_option": option,
}  # fmt: skip
DRAWN = {f"django/forms/widgets/{name}.html": draw for name, draw in PARTS.items()}


class Drawn(DjangoTemplates):
    def render(
        self, template_name: str, context: dict[str, Any], request: Any = None
    ) -> SafeString | str:
        draw = DRAWN.get(template_name)
        if draw is None:
            return str(super().render(template_name, context, request))
        return mark_safe(draw(context["widget"]).strip())
