"""Find who may work at a class account."""

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.models.people import StaffMember
from classes.models.classrooms import Classroom


def staff_of(classroom: Classroom) -> QuerySet[StaffMember]:
    """Return who may work at the class account today (TE-2)."""
    return StaffMember.objects.filter(classrooms=classroom).here()


def classes_to_step_into(actor: Actor) -> QuerySet[Classroom]:
    """Return classes whose staff include this person, with an active account (TE-2)."""
    return Classroom.objects.filter(
        staff=actor.staff, account__is_active=True, account__removed_at__isnull=True
    )
