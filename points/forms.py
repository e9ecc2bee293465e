from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from classes.avatar.drawing import PARTS
from classes.models.classrooms import Classroom
from malpas.lib.form_choices import set_queryset
from points.enums import BehaviourGroup, Icon, Period
from points.limits import GOAL_MOST
from points.models import Behaviour
from points.rules import UNNOTICED_DAYS

INTEGER_MAX = 2**63 - 1
DIGITS_MAX = len(str(INTEGER_MAX))  # longer input is rejected before it is parsed


class IdsField(forms.MultipleChoiceField):
    """Ids of rows. The access queries decide whether they exist."""

    widget = forms.MultipleHiddenInput

    def valid_value(self, value: str) -> bool:
        is_number = value.isascii() and value.isdigit() and len(value) <= DIGITS_MAX
        return is_number and 0 < int(value) <= INTEGER_MAX

    def clean(self, value) -> list[int]:
        return [int(one) for one in super().clean(value)]


class ViewField(forms.CharField):
    """The board view to return to: "staff", or "" for the whiteboard."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def clean(self, value) -> str:
        return "staff" if value == "staff" else ""


class ChooseForm(forms.Form):
    """The chosen children: ticked ones, or the whole class."""

    pupil = IdsField(required=False)
    all = forms.BooleanField(required=False)
    view = ViewField()


class AwardForm(forms.Form):
    """An award: children, behaviour, note and idempotency key."""

    pupil = IdsField(error_messages={"required": _("Choose a child first.")})
    behaviour = forms.ModelChoiceField(
        Behaviour.objects.offered(),
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Choose what the point is for."),
            "invalid_choice": _("This behaviour is no longer used. Please choose another."),
        },
    )
    note = forms.CharField(
        label=_("In your own words, or which task"),
        max_length=140,
        required=False,
        help_text=_("Families see this with the point."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Please use up to 140 letters.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    all = forms.BooleanField(required=False, widget=forms.HiddenInput)
    view = ViewField()


class UndoForm(forms.Form):
    key = forms.UUIDField()
    view = ViewField()


class PickForm(forms.Form):
    """The child who was picked last, so that the next is another; the board's view."""

    last = forms.IntegerField(required=False, min_value=1, max_value=INTEGER_MAX)
    view = ViewField()

    def read(self) -> tuple[int | None, str]:
        """Return the last child's id, or None, and the view."""
        self.is_valid()
        return self.cleaned_data.get("last"), self.cleaned_data["view"]


class SettingsForm(forms.Form):
    goal = forms.IntegerField(
        label=_("What the class works towards"),
        required=False,
        min_value=1,
        max_value=GOAL_MOST,
        help_text=_(
            "How many points for the whole class? You can change it later without losing any. Leave it empty for no goal."
        ),
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], _("A goal is a number from 1 to 10,000.")
        ),
    )
    initials = forms.BooleanField(
        label=_("The whiteboard shows initials in place of first names"), required=False
    )


class ReportForm(forms.Form):
    """The query string of the report: class, period and unnoticed days."""

    classroom = forms.ModelChoiceField(
        Classroom.objects.none(), label=_("Class"), required=False, empty_label=_("Whole school")
    )
    period = forms.ChoiceField(label=_("From when"), choices=Period, required=False, initial=Period.TERM)
    days = forms.IntegerField(
        label=_("School days without a point"),
        required=False,
        min_value=1,
        max_value=60,
        initial=UNNOTICED_DAYS,
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], _("A number from 1 to 60.")),
    )

    def __init__(self, *args, classes, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        set_queryset(self, "classroom", classes)

    def read(self) -> tuple[Classroom | None, str, int]:
        """Return class, period and days, with defaults.

        Class None: all that the actor may read.
        """
        self.is_valid()
        said = self.cleaned_data if self.is_bound else {}
        return said.get("classroom"), said.get("period") or Period.TERM, said.get("days") or UNNOTICED_DAYS


class DragonForm(forms.Form):
    """A number for each part.

    A missing one leaves the part as it is.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for part, size in PARTS.items():
            self.fields[part] = forms.IntegerField(required=False, min_value=0, max_value=size - 1)

    def traits(self, now: list[int]) -> list[int]:
        """Return the dragon's traits after this choice."""
        said = [self.cleaned_data[part] for part in PARTS]
        return [old if new is None else new for old, new in zip(now, said, strict=True)]


class BoardForm(forms.Form):
    """The query string of the board.

    Its view, the key of the award that was just given, the ticked children, and whether their sheet is open.
    """

    view = forms.ChoiceField(choices=[("staff", "staff")], required=False)
    given = forms.UUIDField(required=False)
    pupil = IdsField(required=False)
    sheet = forms.BooleanField(required=False)

    def part(self, name: str):
        """Return one value of the query string; None if invalid."""
        self.is_valid()
        return self.cleaned_data.get(name) or None


class RecordForm(forms.Form):
    """The query string of a child's page: period and cursor."""

    period = forms.ChoiceField(choices=Period, required=False)
    before = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])
    after_id = forms.IntegerField(required=False, min_value=1, max_value=INTEGER_MAX)

    def read(self) -> tuple[str, tuple | None]:
        """Return period and cursor.

        The period defaults to the school year. Cursor: (given_at, id) or None.
        """
        self.is_valid()
        given_at, pk = self.cleaned_data.get("before"), self.cleaned_data.get("after_id")
        cursor = (given_at, pk) if given_at and pk else None
        return self.cleaned_data.get("period") or Period.YEAR, cursor


class BehaviourForm(forms.ModelForm):
    """SLT's form for a behaviour: one to five points, or retired."""

    points = forms.TypedChoiceField(
        label=_("Points"), coerce=int, choices=[(n, str(n)) for n in range(1, 6)], initial=1
    )
    group = forms.ChoiceField(label=_("Group"), choices=BehaviourGroup)
    icon = forms.ChoiceField(label=_("Icon"), choices=Icon, initial=Icon.STAR)
    retired = forms.BooleanField(
        label=_("Retired"),
        required=False,
        help_text=_("No longer offered. It stays on the points it has earned."),
    )

    class Meta:
        model = Behaviour
        fields = ["name_en", "name_cy", "group", "icon", "points", "order"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["retired"].initial = self.instance.retired_at is not None

    def clean(self) -> dict:
        """Refuse a second behaviour of the same name, before anything is saved."""
        chosen = super().clean() or {}
        same = Behaviour.objects.offered().filter(name_en__iexact=chosen.get("name_en") or "")
        if same.filter(group=chosen.get("group")).exclude(pk=self.instance.pk).exists():
            self.add_error("name_en", _("There is a behaviour of this name already."))
        return chosen
