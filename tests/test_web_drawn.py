"""Widgets put together in Python are what Django's templates draw."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.safestring import mark_safe

from lianxin.web.forms.drawn import DRAWN, Drawn
from lianxin.web.widgets import Photos

GROUPED = [("", "—"), ("灯 & <路>", [("1", 'a"b'), ("2", mark_safe("<b>c</b>"))]), (3, "three")]
ODD = {"class": 'x"y', "data-go": True, "hidden": False, "rows": 1234567, "placeholder": "<&>"}
CASES: list[tuple[forms.Widget, list[Any]]] = [
    (forms.TextInput(ODD), [None, "", 'a"<b>&', 12, mark_safe("<i>")]),
    (forms.NumberInput({"step": "any"}), [None, 1234567, 1.5]),
    (forms.HiddenInput(), ["x<y"]),
    (forms.PasswordInput(render_value=True), ["geheim"]),
    (forms.EmailInput(), ["a@b.cn"]),
    (forms.CheckboxInput(), [True, False, "1"]),
    (forms.DateInput({"type": "date"}, format="%Y-%m-%d"), ["2026-11-23"]),
    (forms.DateTimeInput({"type": "datetime-local"}), ["2026-11-23T10:00"]),
    (Photos(), [None]),
    (forms.Textarea(ODD), [None, "", "一\n<二>", mark_safe("<p>")]),
    (forms.Select(ODD, choices=GROUPED), [None, "", "2", "3"]),
    (forms.SelectMultiple(choices=GROUPED), [["1", "2"]]),
    (forms.RadioSelect(ODD, choices=GROUPED), [None, "2"]),
    (forms.CheckboxSelectMultiple(choices=GROUPED), [["1", "3"]]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: type(case[0]).__name__)
def test_as_django_draws_it(case: tuple[forms.Widget, list[Any]]) -> None:
    widget, values = case
    for value in values:
        for attrs in ({}, {"id": "id_<n>"}):
            ours, theirs = (
                widget.render("n&", value, attrs, renderer=made())
                for made in (Drawn, DjangoTemplates)
            )
            assert parse_html(ours) == parse_html(theirs)
            assert isinstance(widget, forms.Select) or ours == theirs


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_one_choice_as_django_draws_it(kind: type[forms.RadioSelect], wrapped: bool) -> None:
    drawn, plain = Drawn(), DjangoTemplates()
    for part in kind(choices=GROUPED).subwidgets("n", "2", {"id": "a"}):
        told = {"widget": {**part, "wrap_label": wrapped}}
        name = part["template_name"]
        assert name in DRAWN
        assert parse_html(drawn.render(name, told)) == parse_html(plain.render(name, told))
