"""List the steps of setting up a school, and which of them are done."""

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.calendar.services import HOURS_CONFIRMED
from accounts.models.audit import AuditEntry
from accounts.models.people import StaffMember
from accounts.models.school import School, Term, WorkingHours
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.pupils import Pupil
from points.models import Behaviour
from points.services import BEHAVIOURS_CONFIRMED

if TYPE_CHECKING:
    from datetime import date


class Step(NamedTuple):
    """A step: what does not work without it, its page, and whether it is done.

    `is_filled`: migrate has filled it in, and no leader has looked at it yet.
    """

    name: str
    title: str
    words: str
    url: str
    is_done: bool = False
    is_filled: bool = False


def _facts(today: "date") -> dict[str, bool]:
    """Return which parts are set up, in one query. `today` is the date in London."""
    children = Pupil.objects.here().filter(classroom=OuterRef("pk"))
    rooms = Classroom.objects.filter(Exists(children))
    able = StaffMember.objects.here().filter(classrooms=OuterRef("pk")).exclude(pin="")
    opens = {"account__is_active": True, "account__removed_at__isnull": True}
    facts = School.objects.filter(pk=1).values(
        hours=Exists(WorkingHours.objects.all()),
        term=Exists(Term.objects.filter(ends__gte=today)),
        behaviours=Exists(Behaviour.objects.offered()),
        classes=Exists(rooms),
        accounts=~Exists(rooms.exclude(pk__in=Classroom.objects.filter(**opens))),
        staff=~Exists(rooms.exclude(Exists(able))),
        office=Exists(StaffMember.objects.office().reachable()),
        letters=Exists(Invitation.objects.all()),
        joined=Exists(Guardianship.objects.filter(joined_at__isnull=False)),
    )
    return {name: bool(is_there) for name, is_there in facts.get().items()}


def all_steps(school: School) -> list[Step]:
    """Return all steps in the order to take them."""
    assert school.now is not None
    there = _facts(localtime(school.now).date())
    there |= {"names": school.is_named, "terms": school.terms_number is not None}
    # Nothing is missing of what nobody can make yet: without children there are no accounts to lack.
    there["accounts"] &= there["classes"]
    there["staff"] &= there["classes"]
    there["letters"] |= there["joined"]
    return [step._replace(is_done=there[step.name]) for step in _steps()]


def missing_steps(school: School) -> list[Step]:
    """Return the missing steps in the order to take them; none for a school that is ready.

    Accounts and staff of classes are asked for once there are classes with children.
    """
    steps = all_steps(school)
    later = (
        set()
        if any(step.name == "classes" and step.is_done for step in steps)
        else {"accounts", "staff", "letters"}
    )
    return [step for step in steps if not step.is_done and step.name not in later]


def steps_for_page(school: School) -> list[Step]:
    """Return all steps; what migrate filled in and nobody has kept yet is marked."""
    confirmed = {
        "hours": AuditEntry.objects.filter(verb="calendar.changed", detail__why=HOURS_CONFIRMED),
        "behaviours": AuditEntry.objects.filter(verb=BEHAVIOURS_CONFIRMED),
    }
    return [
        step._replace(is_filled=step.is_done and step.name in confirmed and not confirmed[step.name].exists())
        for step in all_steps(school)
    ]


def _steps() -> list[Step]:
    return [
        Step(
            "names",
            _("The school’s names and numbers"),
            _("They are on every page and letter."),
            reverse("set_up_names"),
        ),
        Step(
            "hours",
            _("The hours of the week"),
            _("Without them the portal is always quiet."),
            reverse("set_up_hours"),
        ),
        Step(
            "term", _("Term dates"), _("Messages wait until the first school day."), reverse("calendar_days")
        ),
        Step(
            "terms",
            _("The usage terms"),
            _("Until they are published only senior leaders can open anything."),
            reverse("set_up_terms"),
        ),
        Step(
            "behaviours",
            _("Behaviours that earn points"),
            _("There is nothing to give points for yet."),
            reverse("set_up_behaviours"),
        ),
        *_steps_of_people(),
    ]


def _steps_of_people() -> list[Step]:
    staff, rooms = reverse("staff"), reverse("classes")
    return [
        Step(
            "office", _("The Main Office"), _("Nobody in the office can read what families write yet."), staff
        ),
        Step(
            "classes",
            _("Classes and children"),
            _("They come in a file that the school’s own system saves."),
            reverse("roster"),
        ),
        Step(
            "accounts",
            _("Accounts of the classes"),
            _("Each class signs in with an account of its own."),
            rooms,
        ),
        Step(
            "staff",
            _("Staff of the classes"),
            _("Every class needs somebody with a PIN who may use its account."),
            rooms,
        ),
        Step(
            "letters",
            _("Letters for families"),
            _("Families join with the code in their letter."),
            reverse("letters"),
        ),
    ]
