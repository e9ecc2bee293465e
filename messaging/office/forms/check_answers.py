"""List the answers of a form for the page 'Check your answers'."""

from datetime import date
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.utils.formats import date_format


def _display(bound: BoundField, value: Any) -> str:
    field = bound.field
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(field.label_from_instance(one) for one in value)
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(cast("list[tuple[str, str]]", field.choices))[value])
    return date_format(value, "l j F Y") if isinstance(value, date) else str(value)


def answers_to_check(form: forms.Form) -> list[tuple[str, str]]:
    """Return (question, answer) of a valid form; unanswered ones are left out."""
    answered = [(bound, form.cleaned_data.get(bound.name)) for bound in form.visible_fields()]
    return [(str(bound.label), _display(bound, value)) for bound, value in answered if value]
