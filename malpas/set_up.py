"""List what a new school still has to set up, for the first page of senior leaders."""

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models.people import StaffMember
from accounts.models.school import School, Term, WorkingHours
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from points.models import Behaviour

if TYPE_CHECKING:
    from datetime import date


class Step(NamedTuple):
    """Something to set up, why or by whom, and the address of its page."""

    title: str
    words: str
    url: str


def _facts(today: "date") -> dict[str, bool]:
    """Return which parts are set up, in one query. `today` is the date in London."""
    children = Pupil.objects.here().filter(classroom=OuterRef("pk"))
    rooms = Classroom.objects.filter(Exists(children))
    here = StaffMember.objects.here()
    able = here.filter(classrooms=OuterRef("pk")).exclude(pin="")
    facts = School.objects.filter(pk=1).values(
        hours=Exists(WorkingHours.objects.all()),
        term=Exists(Term.objects.filter(ends__gte=today)),
        behaviours=Exists(Behaviour.objects.offered()),
        classes=Exists(rooms),
        accounts=~Exists(rooms.filter(account__isnull=True)),
        staff=~Exists(rooms.exclude(Exists(able))),
        office=Exists(StaffMember.objects.office().reachable()),
    )
    return {name: bool(is_there) for name, is_there in facts.get().items()}


def missing_steps(school: School) -> list[Step]:
    """Return the missing steps in the order to take them; none for a school that is ready."""
    assert school.now is not None
    there = _facts(localtime(school.now).date())
    there |= {"names": school.is_named, "terms": school.terms_number is not None}
    return [step for name, step in _steps().items() if not there[name]]


def _steps() -> dict[str, Step]:
    staff, rooms = (
        reverse("admin:accounts_staffmember_changelist"),
        reverse("admin:classes_classroom_changelist"),
    )
    hours, behaviours = (
        reverse(f"admin:{name}_changelist") for name in ("accounts_workinghours", "points_behaviour")
    )
    terms = reverse("admin:accounts_termsversion_changelist")
    imported = _("Whoever looks after the computers brings them in from the school’s own system.")
    made = _("Each class signs in with an account of its own. Whoever looks after the computers makes them.")
    named = _("Every class needs somebody with a PIN who may use its account.")
    asked = _("Nobody reads what families tell the office yet.")
    school = reverse("admin:accounts_school_change", args=[1])
    return {
        "names": Step(_("The school’s names and numbers"), _("They stand on every page and letter."), school),
        "terms": Step(
            _("The usage terms"), _("Until they are published only senior leaders can open anything."), terms
        ),
        "hours": Step(_("The hours of the week"), _("Without them the portal is quiet for ever."), hours),
        "term": Step(_("Term dates"), _("Messages wait until the first school day."), reverse("calendar")),
        "behaviours": Step(
            _("Behaviours that earn points"), _("Classes have nothing to give yet."), behaviours
        ),
        "classes": Step(_("Classes and children"), imported, rooms),
        "accounts": Step(_("Accounts of the classes"), made, rooms),
        "staff": Step(_("Staff of the classes"), named, staff),
        "office": Step(_("The Main Office"), asked, staff),
    }
