"""Validate the forms of oversight."""

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.fields import LineField


class ReasonForm(forms.Form):
    reason = LineField(
        label=_("Why?"),
        max_length=300,
        help_text=_("It is kept on record with your name."),
        error_messages={"required": _("Please write down why.")},
    )


class FindForm(forms.Form):
    """Find conversations by part of a child's name.

    `report`: the number of the report from which a leader comes.
    """

    child = LineField(label=_("Child’s name"), required=False, max_length=60)
    report = forms.IntegerField(required=False, min_value=1, max_value=2**62)
