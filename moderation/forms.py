from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.clauses import CLAUSES
from moderation.enums import ReportCategory

MAX_LENGTH = 2000


def text_field(label, *, required: bool = True, sentence="", **kwargs) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": sentence, "max_length": _("Please use up to 2,000 letters.")},
        **kwargs,
    )


class ReportForm(forms.Form):
    category = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=ReportCategory.choices,
        widget=forms.RadioSelect,
        help_text=_("“A child may be at risk” reaches the safeguarding lead at once, at any hour."),
        error_messages={"required": _("Please choose what is wrong with it.")},
    )
    note = text_field(_("Anything we should know?"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def seen_before(self) -> str:
        """Return the signed proof of having seen the item, or ''."""
        return self.data.get("seen", "")

    def clean(self):
        super().clean()
        answers = self.cleaned_data
        if answers.get("category") == ReportCategory.OTHER and not answers.get("note"):
            self.add_error("note", _("Please say in a few words what is wrong."))
        return answers


class DecisionForm(forms.Form):
    """Carry the idempotency key of a decision in `key`."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ConfirmedForm(DecisionForm):
    """A decision that ends something.

    It is asked about once more, with the numbers.
    """

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class HideForm(ConfirmedForm):
    pass


class WarnForm(DecisionForm):
    clause = forms.ChoiceField(
        label=_("The rule it rests on"),
        choices=lambda: [("", _("Choose a rule")), *((c, f"{c}: {said}") for c, said in CLAUSES.items())],
        error_messages={"required": _("Please choose the rule that the warning rests on.")},
    )
    reason = text_field(
        _("What happened"),
        help_text=_("They read this."),
        sentence=_("Please write what happened, for them to read."),
    )


class RemoveForm(ConfirmedForm):
    serious_breach = forms.BooleanField(
        label=_("A serious breach: end access without an earlier warning"), required=False
    )
    reason = text_field(
        _("The reason"),
        help_text=_("They read this in the e-mail."),
        sentence=_("Please write the reason. They read it in the e-mail."),
    )


class CloseForm(DecisionForm):
    reason = text_field(_("A note for senior leaders"), required=False)


class ConductForm(DecisionForm):
    reason = text_field(
        _("How it is dealt with"),
        required=False,
        help_text=_("With words: under the code of conduct. Without: nothing to do."),
    )


class LiftForm(DecisionForm):
    reason = text_field(_("A note for senior leaders"), required=False)
