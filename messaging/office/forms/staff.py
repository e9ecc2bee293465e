"""Validate what staff do with an enquiry (PA-7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.people import StaffMember
from classes.models.pupils import Pupil
from malpas.lib.db.plain import Plain
from malpas.lib.form_choices import set_choices, set_queryset
from malpas.lib.hidden import HiddenNumbersField
from malpas.lib.hours import SchoolHours
from messaging.enums import AbsenceReason, ComplaintAbout, DayPart, EntryKind, NoReader, Symptom, Topic
from messaging.fields import BodyField, ChildrenField, KeyField
from messaging.models.screening import StandardReply
from messaging.office.forms.absence import ROW, AbsenceForm, day_field
from messaging.office.forms.enquiries import CHOOSE, choice, telephone
from messaging.office.rules.enquiries import may_write
from messaging.office.services.answers import NobodyReads
from messaging.office.services.enquiries import AbsenceFacts


class OfficeAnswerForm(forms.Form):
    """Take what staff write under an enquiry.

    The button pressed says for whom.
    No button is a default: what names no kind goes nowhere. The button 'put' inserts a standard reply.
    `no_reader`: why an answer would reach nobody.
    """

    kind = forms.ChoiceField(choices=EntryKind.choices, widget=forms.HiddenInput)
    body = BodyField(label=_("Your words"))
    key = KeyField()

    def __init__(
        self,
        *args,
        replies: Sequence[StandardReply] = (),
        to: str = "en",
        no_reader: NoReader | None = None,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.no_reader = no_reader
        set_choices(self, "kind", [(kind.value, kind.label) for kind in may_write(no_reader)])
        refused = f"{no_reader.label} {NobodyReads.sentence}" if no_reader else CHOOSE["invalid_choice"]
        required = _("Please press one of the buttons: it says who gets your words.")
        self.fields["kind"].error_messages = {"required": required, "invalid_choice": refused}
        self.replies = {str(one.pk): one for one in replies}
        self.to = to

    @property
    def puts_reply(self) -> bool:
        return "put" in self.data

    def with_reply(self) -> "OfficeAnswerForm":
        """Return the form with the chosen reply after the typed text.

        The reply is in the family's language.
        """
        reply = self.replies.get(self.data.get("reply", ""))
        typed = str(self.data.get("body", "")).strip()
        body = "\n\n".join(filter(None, [typed, reply.text_in(self.to) if reply else ""]))
        return OfficeAnswerForm(initial={"body": body}, no_reader=self.no_reader)


class ViewedForm(forms.Form):
    """Take which notifications were about what the page has shown."""

    seen = HiddenNumbersField()


class NoteForm(OfficeAnswerForm):
    """Take a note for staff only.

    A form of its own, so that it never goes to a family by mistake.
    """

    body = BodyField(label=_("Your note"))


class AnswerChangeForm(forms.Form):
    """Take the new text of a pending answer."""

    body = BodyField(label=_("Your words"))


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        StaffMember.objects.none(), label=_("Hand over to"), empty_label=None, error_messages=CHOOSE
    )

    def __init__(
        self, *args, colleagues: Sequence[StaffMember], holder: StaffMember | None, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        others = [one.pk for one in colleagues if holder is None or one.pk != holder.pk]
        self.colleagues = StaffMember.objects.filter(pk__in=others).order_by(
            Plain("surname"), Plain("forename"), "pk"
        )
        set_queryset(self, "to", self.colleagues)

    @property
    def has_anybody(self) -> bool:
        return self.colleagues.exists()


class StageForm(forms.Form):
    """Choose the stage to which a complaint moves on."""

    number = forms.IntegerField(min_value=2, max_value=2**31)


class RerouteForm(forms.Form):
    topic = forms.ChoiceField(choices=Topic.choices, error_messages=CHOOSE)


class CallForm(forms.Form):
    """Take what an adult reports by telephone.

    Days and reasons are asked for an absence only.
    """

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Topic.choices,
        initial=Topic.ABSENCE,
        widget=forms.RadioSelect(ROW | {"opens": Topic.ABSENCE.value}),
        error_messages=CHOOSE,
    )
    first_day = day_field(_("First day of absence"))
    part = forms.ChoiceField(
        label=_("How much of the day?"),
        choices=DayPart.choices,
        initial=DayPart.WHOLE,
        required=False,
        widget=forms.RadioSelect(ROW | {"follow": True}),
    )
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[(AbsenceReason.ILL, _("Ill or hurt")), (AbsenceReason.OTHER, _("Another reason"))],
        required=False,
        widget=forms.RadioSelect(ROW | {"follow": True}),
        error_messages=CHOOSE,
    )
    symptom = forms.ChoiceField(
        label=_("What is it like?"),
        choices=Symptom.choices,
        required=False,
        widget=forms.RadioSelect(ROW | {"follow": True}),
        error_messages=CHOOSE,
    )
    back_on = day_field(_("First day back"))
    children = ChildrenField(
        Pupil.objects.none(),
        label=_("Who is it for?"),
        widget=forms.CheckboxSelectMultiple(ROW),
        error_messages={"required": _("Choose who it is for."), "invalid_choice": _("Choose one of these.")},
    )
    about = choice(_("If it is a complaint: about what?"), ComplaintAbout.choices, required=False)
    phone = telephone(_("Number to reach them"))
    body = BodyField(label=_("What they said"), required=False)
    seen = forms.BooleanField(
        label=_("I have seen that this adult has no access to the child."), required=False
    )
    key = KeyField()

    def __init__(
        self,
        *args,
        children: Sequence[Pupil],
        barred: Sequence[Pupil] = (),
        today: date,
        hours: SchoolHours,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not barred:
            del self.fields["seen"]
        self.today, self.hours = today, hours
        offered = Pupil.objects.filter(pk__in=[child.pk for child in children])
        set_queryset(self, "children", offered.select_related("classroom").by_name())
        self.fields["children"].initial = [children[0].pk] if len(children) == 1 else None
        self.fields["first_day"].initial = today
        self.order_fields(["children"])

    def clean(self) -> dict[str, object]:
        answers = super().clean() or {}
        if answers.get("topic") == Topic.ABSENCE:
            self._clean_absence(answers)
        elif answers.get("topic") and not answers.get("body") and "body" not in self.errors:
            self.add_error("body", _("Please write something first."))
        return answers

    def _clean_absence(self, answers: dict) -> None:
        first, back = answers.get("first_day"), answers.get("back_on")
        if not first and "first_day" not in self.errors:
            self.add_error("first_day", _("Write the first day."))
        elif first and (problem := AbsenceForm.day_problem(first, self.today, self.hours)):
            self.add_error("first_day", problem)
        if first and back and back <= first:
            self.add_error("back_on", _("The day back must come after the first day."))
        if not answers.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose why your child is absent."))
        if answers.get("reason") == AbsenceReason.ILL and not answers.get("symptom"):
            answers["symptom"] = Symptom.UNSAID

    def facts(self) -> dict[str, Any]:
        """Return the arguments for `record_call`."""
        answers = self.cleaned_data
        call = {"topic": answers["topic"], "pupils": answers["children"], "body": answers["body"]}
        call |= {"key": answers["key"], "phone": answers["phone"], "about": answers["about"]}
        call["although_no_access"] = answers.get("seen", False)
        if answers["topic"] == Topic.ABSENCE:
            ill = answers["reason"] == AbsenceReason.ILL
            call["absence"] = AbsenceFacts(
                first_day=answers["first_day"],
                part=answers["part"] or DayPart.WHOLE,
                reason=answers["reason"],
                symptom=answers["symptom"] if ill else "",
                back_on=answers["back_on"],
            )
        return call
