"""Forms for uploading a roster and for taking it in."""

from datetime import date
from hashlib import sha256
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from classes.roster.changes import Correction
from classes.roster.files.plain import bare
from classes.roster.layouts.table import ColumnsMissing, Table
from classes.roster.matching.identify import OTHERS, SAME
from classes.roster.pages.columns import choices_of_columns
from classes.roster.plan import Plan
from classes.roster.reading import MAX_BYTES, read_table
from classes.roster.uploads import known_columns
from classes.roster.values import NEW_CLASS, SAME_CLASS
from malpas.lib.errors import RuleViolation

MOST_COLUMNS = 100
MOST = 300  # corrections on one page; the others are kept as they are


class RosterFileForm(forms.Form):
    """Upload a roster.

    `table` is what it holds, None where somebody has to name its columns first.
    """

    key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("The file from your school’s system"),
        allow_empty_file=True,
        error_messages={"required": _("Please choose a file.")},
        help_text=_(
            "One row for each child and adult, as SIMS, Arbor, Bromcom or Teacher Centre export it, one row for each "
            "child with the parents beside it, or a OneRoster zip."
        ),
        widget=forms.FileInput(attrs={"class": "input"}),
    )

    table: Table | None = None
    data_of_file: bytes

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_file(self):
        file = self.cleaned_data["file"]
        self.data_of_file = file.read(MAX_BYTES + 1)
        try:
            self.table = read_table(self.data_of_file, known_columns(), today=self.today)
        except ColumnsMissing as missing:
            if not missing.unread:
                raise forms.ValidationError(missing.sentence) from None
        except RuleViolation as refused:
            raise forms.ValidationError(refused.sentence) from None
        return file


class ApplyForm(forms.Form):
    """What somebody agrees to: `seen` names the plan that they looked at."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data, *, plan: Plan) -> None:
        super().__init__(data, initial={"seen": plan.digest}, auto_id="id_%s")
        self.corrections = plan.corrections[:MOST]
        for each in self.corrections:
            self.fields[each.id] = forms.BooleanField(required=False, label=_("Take the file’s"))
        if plan.needs_confirmation:
            self.fields["missing"] = forms.BooleanField(
                label=missing_label(plan),
                error_messages={"required": _("Please tick that so many children are missing, or upload another file.")},
            )  # fmt: skip

    def of(self, correction: Correction):
        """Return the bound field of this correction, or None."""
        return self[correction.id] if correction.id in self.fields else None

    @property
    def chosen(self) -> set[str]:
        return {each.id for each in self.corrections if self.cleaned_data.get(each.id)}


class ColumnsForm(forms.Form):
    """One choice for each column that is not read.

    Which of our fields it is.

    A choice is sent under its column's own name: pressed twice, it is about the same column. `beside`: whether a
    row may name several adults, so that a column may be of one of them.
    """

    def __init__(self, data, *, unread: list[str], beside: bool) -> None:
        super().__init__(data, auto_id="id_%s")
        self.unread = list(dict.fromkeys(unread))[:MOST_COLUMNS]
        choices = choices_of_columns(beside=beside)
        for title in self.unread:
            self.fields[name_of(title)] = forms.ChoiceField(
                choices=choices, required=False, label=title, widget=forms.Select(attrs={"class": "input"})
            )

    def clean(self) -> dict:
        answers = super().clean() or {}
        chosen = [field for field in answers.values() if field]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("Two columns cannot be the same thing. Please choose one of them."))
        return answers

    @property
    def named(self) -> dict[str, str]:
        return {title: self.cleaned_data[name_of(title)] for title in self.unread}


def name_of(title: str) -> str:
    """Return the name of the choice for the column of this header."""
    return f"column_{sha256(bare(title).encode()).hexdigest()[:16]}"


class SameForm(forms.Form):
    """What somebody says of people who are here under another id, or of classes that were renamed here."""

    same = forms.ChoiceField(
        choices=[(SAME, _("They are the same")), (OTHERS, _("They are others"))], required=False
    )
    classes = forms.ChoiceField(
        choices=[(SAME_CLASS, _("The same class")), (NEW_CLASS, _("Another class"))], required=False
    )


def missing_label(plan: Plan) -> str:
    return ngettext(
        "Yes: %(gone)s of %(here)s children is missing from this file or leaves by it, and that is right.",
        "Yes: %(gone)s of %(here)s children are missing from this file or leave by it, and that is right.",
        plan.gone,
    ) % {"gone": plan.gone, "here": plan.here}
