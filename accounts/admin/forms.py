"""Forms of the admin pages of accounts, staff and the school."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.codes.pin_rules import is_guessable
from accounts.models.people import HEAD_STAYS, StaffMember, User
from accounts.models.school import School
from accounts.profile.email_change import AddressTaken, is_taken
from accounts.staff.governor_guard import TakesTwo
from accounts.staff.pins import GuessableStaffPin
from accounts.staff.services import LastLeader, check_leader_stays


class AccountForm(forms.ModelForm):
    """Let office and leaders change a lost address and end all sign-ins."""

    new_address = forms.EmailField(
        label=_("New e-mail address"),
        required=False,
        help_text=_(
            "Only when you have seen the person and know them. Both addresses are told, and every device is signed out."
        ),
    )
    sign_out = forms.BooleanField(
        label=_("Sign this account out everywhere"),
        required=False,
        help_text=_("At once, on every device."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    class Meta:
        model = User
        fields: list[str] = []

    def clean(self) -> dict:
        chosen = super().clean() or {}
        if (chosen.get("new_address") or chosen.get("sign_out")) and not chosen.get("reason", "").strip():
            self.add_error("reason", _("Write down why: it stays on record."))
        return chosen

    def clean_new_address(self) -> str:
        address = self.cleaned_data["new_address"].lower()
        if address and is_taken(address):
            raise forms.ValidationError(AddressTaken.sentence)
        return address


class StagesField(forms.Field):
    """Three numbers of school days, one for each stage of a complaint.

    `5, 10, 15`.
    """

    WRONG = _("Write three whole numbers from 1 to 60 with commas between them, such as 5, 10, 15.")

    def to_python(self, value: object) -> list[int] | str:
        parts = [part.strip() for part in str(value or "").split(",")]
        if parts == [""]:
            return ""
        days = [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 3]
        if len(parts) != 3 or len(days) != 3 or not all(1 <= day <= 60 for day in days):
            raise forms.ValidationError(self.WRONG)
        return days

    def prepare_value(self, value: object) -> object:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class SchoolForm(forms.ModelForm):
    complaint_days = StagesField(
        label=_("School days for each stage of a complaint"),
        help_text=_("By when a complaint is answered at its first, second and third stage."),
        error_messages={"required": StagesField.WRONG},
    )

    class Meta:
        model = School
        exclude: list[str] = []  # every editable column


class StaffForm(forms.ModelForm):
    """A member of staff's record.

    SLT may set a new PIN, which is never shown (TE-2).
    """

    new_pin = forms.RegexField(
        r"^[0-9]{4,8}$",
        label=_("New PIN"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "inputmode": "numeric"}),
        help_text=_("With it they say who they are at a class account. Empty: the PIN stays as it is."),
        error_messages={"invalid": _("A PIN has four to eight digits.")},
    )

    class Meta:
        model = StaffMember
        fields = [
            "title", "forename", "surname", "job",
            "is_slt", "is_head", "is_office", "is_safeguarding", "is_governor", "left_on",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "left_on" in self.fields:
            self.initial["left_on"] = self.instance.left_on or self.instance.leaves_on
            self.fields["left_on"].help_text = _("Today or earlier: their work ends now. Later: on that day.")

    def clean(self) -> dict:
        """Show what the service would refuse, before anything is saved."""
        chosen = super().clean() or {}
        if "left_on" in self.changed_data and chosen.get("left_on"):
            if self.instance.is_head:
                self.add_error("left_on", HEAD_STAYS)
            elif self.instance.pk:
                self.check_leader("left_on")
        elif "is_slt" in self.changed_data and not chosen.get("is_slt") and self.instance.pk:
            if self.instance.is_head:
                self.add_error("is_slt", _("A head teacher is a senior leader too."))
            else:
                self.check_leader("is_slt")
        return chosen

    def check_leader(self, field: str) -> None:
        try:
            check_leader_stays(self.instance)
        except LastLeader as violation:
            self.add_error(field, violation.sentence)

    def clean_new_pin(self) -> str:
        pin = self.cleaned_data["new_pin"]
        if pin and self.instance.is_governor:
            raise forms.ValidationError(TakesTwo.sentence)
        if pin and is_guessable(pin):
            raise forms.ValidationError(GuessableStaffPin.sentence)
        return pin
