"""Read what somebody chose on the pages of the letters."""

from typing import Any

from django import forms

from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from malpas.lib.db.plain import Plain
from malpas.lib.form_choices import set_queryset


class RoomForm(forms.Form):
    """A class of the address.

    What makes no sense is taken as the whole school.
    """

    room = forms.ModelChoiceField(Classroom.objects.all(), required=False)

    def read(self) -> Classroom | None:
        return self.cleaned_data["room"] if self.is_valid() else None


class MakeForm(forms.Form):
    """Read for whom letters are made or withdrawn.

    `which`: of a class or of the school, or the ticked adults of a class.
    `number`: how many letters the page named, for the whole school.
    """

    MISSING, EVERYBODY, CHOSEN, WITHDRAW = "missing", "everybody", "chosen", "withdraw"
    which = forms.ChoiceField(choices=[(name, name) for name in (MISSING, EVERYBODY, CHOSEN, WITHDRAW)])
    room = forms.ModelChoiceField(Classroom.objects.all(), required=False)
    guardianship = forms.ModelMultipleChoiceField(Guardianship.objects.none(), required=False)
    number = forms.IntegerField(required=False, min_value=0, max_value=100_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = Guardianship.objects.filter(ended_at__isnull=True)
        set_queryset(
            self, "guardianship", open_ones.order_by(Plain("pupil__surname"), "pupil", "priority", "pk")
        )
