"""Forms for proposing, confirming and withdrawing a change of the governor (PA-7)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import GovernorChangeKind
from accounts.leadership.governor import OFFERED
from accounts.models.people import StaffMember


class ProposalForm(forms.Form):
    kind = forms.ChoiceField(label=_("What should change"), widget=forms.RadioSelect)
    address = forms.EmailField(
        label=_("New e-mail address"), max_length=254, required=False, help_text=_("Only for a new address.")
    )
    reason = forms.CharField(
        label=_("Why, and how you made sure that it is really this person who asks"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, member: StaffMember, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kinds = OFFERED[member.is_governor]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(each.value, each.label) for each in kinds]
        if GovernorChangeKind.ADDRESS not in kinds:
            del self.fields["address"]

    def clean_address(self) -> str:
        return self.cleaned_data["address"].lower()

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == GovernorChangeKind.ADDRESS and not cleaned.get("address"):
            self.add_error("address", _("Write the new e-mail address."))
        return cleaned


class DecisionForm(forms.Form):
    change = forms.IntegerField(min_value=1, max_value=2**53)
    confirm = forms.BooleanField(required=False)
