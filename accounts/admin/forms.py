"""Forms of the admin pages of accounts and the school."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.models.school import School
from accounts.profile.email_change import AddressTaken, is_taken


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
