"""Give a form's fields the choices that depend on who reads it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet


def set_queryset(form: forms.Form, name: str, rows: QuerySet[Any, Any]) -> None:
    """Offer these rows in the model choice field of this name."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def set_choices(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    """Offer these (value, label) pairs in the choice field of this name."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
