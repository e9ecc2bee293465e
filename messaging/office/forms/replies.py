"""Validate a standard reply of the office."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from messaging.fields import BodyField, LineField

MOST = 1000


def _title(label: Any) -> LineField:
    errors = {
        "required": _("Give it a title in both languages."),
        "max_length": _("Please use up to %(limit_value)d letters."),
    }
    return LineField(label=label, max_length=60, error_messages=errors)


def _not_too_long(body: str) -> None:
    if len(body) > MOST:
        raise ValidationError(_("Please use up to %(limit_value)d letters.") % {"limit_value": MOST})


def _body(label: Any) -> BodyField:
    errors = {"required": _("Write it in both languages: each family gets it in its own.")}
    return BodyField(label=label, error_messages=errors, validators=[_not_too_long])


class ReplyForm(forms.Form):
    title_en = _title(_("Title in English"))
    body_en = _body(_("Words in English"))
    title_cy = _title(_("Title in Welsh"))
    body_cy = _body(_("Words in Welsh"))
