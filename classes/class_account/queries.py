"""Find who may work at a class account."""

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.models.people import StaffMember
from classes.models.classrooms import Classroom


def staff_of(classroom: Classroom) -> QuerySet[StaffMember]:
    """Who may sit at the class account today (TE-2)."""
    return StaffMember.objects.filter(classrooms=classroom).here()


def classes_to_step_into(actor: Actor) -> QuerySet[Classroom]:
    """The classes whose list of staff holds this person, with an account to step into (TE-2)."""
    return Classroom.objects.filter(
        staff=actor.staff, account__is_active=True, account__removed_at__isnull=True
    )
