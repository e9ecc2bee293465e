"""Forms for sending and for accepting an invitation of staff."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.staff.services import ROLES


class InviteStaffForm(forms.Form):
    """The address to which a leader sends an invitation."""

    address = forms.EmailField(
        label=_("Their e-mail address"),
        max_length=254,
        help_text=_("One that only they read. Whoever reads it can become this member of staff."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "size": 40}),
    )


class EndStaffAccountForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        error_messages={"required": _("Write down why: it stays on record.")},
    )


class AcceptInvitationForm(forms.Form):
    """The roles that the page showed, so that nobody accepts others."""

    roles = forms.MultipleChoiceField(choices=[(name, name) for name in ROLES], required=False)
