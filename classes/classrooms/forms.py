"""Forms for making, changing and retiring a class."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.people import StaffMember
from classes.models.classrooms import Classroom
from classes.roster import cells
from classes.roster.remarks import FAULTS
from malpas.lib.form_choices import set_queryset


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the class"),
        max_length=60,
        help_text=_("As the school’s own system has it: the roster finds the class by its name."),
        error_messages={"required": _("Please give the class a name.")},
    )

    def clean_name(self) -> str:
        """Return the name as the roster would read it from a cell, or say what is wrong with it."""
        typed = self.cleaned_data["name"]
        try:
            return cells.read_class(typed, 60)
        except cells.CellFault as fault:
            params = {"column": self.fields["name"].label, "value": typed, **fault.params}
            raise forms.ValidationError(FAULTS[fault.code] % params) from None


class StaffField(forms.ModelMultipleChoiceField):
    """Members of staff by signature and forename, so that two of one surname differ."""

    def label_from_instance(self, obj: StaffMember) -> str:
        return f"{obj} ({obj.forename})" if obj.title else str(obj)


class ClassForm(NameForm):
    """A class's name and who of the staff works for it."""

    staff = StaffField(
        StaffMember.objects.none(),
        label=_("Staff"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They read what families write to the class. Somebody may belong to several classes."),
    )

    def __init__(self, data=None, *, classroom: Classroom) -> None:
        super().__init__(data, initial={"name": classroom.name, "staff": classroom.staff.all()})
        set_queryset(self, "staff", StaffMember.objects.here())


class ClassesOfForm(forms.Form):
    """The classes of one member of staff.

    `seen`: those that the page showed.
    """

    classes = forms.ModelMultipleChoiceField(
        Classroom.objects.none(),
        label=_("Classes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What they left waiting at a class that they no longer work for is held back."),
    )
    seen = forms.ModelMultipleChoiceField(
        Classroom.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, data=None, *, staff: StaffMember) -> None:
        mine = list(Classroom.objects.filter(staff=staff))
        super().__init__(data, initial={"classes": mine, "seen": mine})
        open_ones = Classroom.objects.exclude(account__is_active=False)
        set_queryset(self, "classes", open_ones | Classroom.objects.filter(pk__in=[one.pk for one in mine]))
        set_queryset(self, "seen", Classroom.objects.all())

    def changes(self) -> dict[str, set[Classroom]]:
        """Return the classes that were ticked on the page, and those that were unticked."""
        chosen, seen = set(self.cleaned_data["classes"]), set(self.cleaned_data["seen"])
        return {"joins": chosen - seen, "leaves": seen - chosen}


class AccountForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail address of the class"),
        max_length=254,
        help_text=_("One that the class’s staff share. Whoever reads it can choose the password."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )


class RetireForm(forms.Form):
    """What the page said would end."""

    staff = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)
    waiting = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)

    def confirmed(self) -> tuple[int, int] | None:
        """Return the confirmed numbers, or None."""
        if not self.is_valid():
            return None
        return self.cleaned_data["staff"], self.cleaned_data["waiting"]
