"""The doors to children and classes, and shaped reads for the office."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from accounts.models.people import User
from classes import hooks
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil


def get_pupil_for(actor: Actor, pk: int) -> Pupil:
    """A child among those whom the actor may see; anything else does not exist (PA-4, PU-4)."""
    return get_object_or_404(Pupil.objects.visible_to(actor).select_related("classroom"), pk=pk)


def children_of(actor: Actor) -> list[Pupil]:
    """Return the children this adult may see now, by name, with their class (PA-4).

    There are none for a class, a pupil or an account without a child.
    """
    return list(Pupil.objects.of_parent(actor.user).select_related("classroom").by_name())


def get_own_class(actor: Actor) -> Classroom:
    """The class of a class account; for everybody else there is none (TE-2)."""
    if not actor.is_class:
        raise Http404
    return get_object_or_404(Classroom, account=actor.user)


def parents_of_class(classroom: Classroom | None) -> QuerySet[User]:
    """Adults with a live guardianship to a child of the class, or of the school (None), each once: whom to tell (PA-5)."""
    guardianships = Guardianship.objects.live().filter(contact__user=OuterRef("pk"))
    return User.objects.filter(
        Exists(guardianships.filter(pupil__classroom=classroom) if classroom else guardianships)
    )


def is_read(classroom: Classroom | None) -> bool:
    """Whether somebody can read what families write to this class; nobody does for a child without one."""
    return classroom is not None and Classroom.objects.read_by_somebody().filter(pk=classroom.pk).exists()


def classes_nobody_reads() -> QuerySet[Classroom]:
    """Classes with children whose families have nobody to write to, by name: for leaders and the office."""
    unread = Classroom.objects.exclude(pk__in=Classroom.objects.read_by_somebody().values("pk"))
    return unread.filter(Exists(Pupil.objects.here().filter(classroom=OuterRef("pk")))).order_by("name")


def needs_slot(guardianship: Guardianship) -> bool:
    """Whether others hold both places of the child, and no further adult is approved for this one (PA-2)."""
    return Guardianship.objects.with_needs_slot().filter(pk=guardianship.pk, needs_slot=True).exists()


def other_guardianships_live(contact: Contact, *, but: Guardianship) -> bool:
    """The adult keeps access to the portal through another child."""
    return Guardianship.objects.live().filter(contact=contact).exclude(pk=but.pk).exists()


def is_own_child(user: User, pupil_id: int) -> bool:
    """Whether the records name this account's holder as an adult of the child, with access or without."""
    return Guardianship.objects.filter(pupil=pupil_id, contact__user=user).exists()


def has_child(user: User) -> bool:
    """Whether this account opens the page of any child, as a parent's."""
    return Guardianship.objects.live().filter(contact__user=user).exists()


def absent_pupil_ids(actor: Actor, day: date) -> set[int]:
    """Return the ids of the pupils of this class account who are absent, never why (PA-7)."""
    return {pupil.pk for pupils in hooks.list_absent.call_all(actor, day) for pupil in pupils}
