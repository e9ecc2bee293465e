from uuid import uuid4

import pytest

from accounts.models.people import User
from classes.enums import Suggestion
from classes.joining.invitations import make_invitation
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.rate_limits import forget_local_counts
from tests.clock import at
from tests.people import guardianship, make_contact


@pytest.fixture(autouse=True)
def fresh_counts(settings) -> None:
    """Reset the rate limits for each test."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": backend, "LOCATION": str(uuid4())}}
    settings.CELERY_BROKER_URL = "memory://"
    forget_local_counts()


@pytest.fixture
def make_guardianship(people):
    """Make a guardianship that has not joined.

    By default of a new adult to Efa, who has one parent here.
    """

    def make(
        pupil: Pupil | None = None, contact: Contact | None = None, user: User | None = None, **fields
    ) -> Guardianship:
        adult = contact or make_contact("Ŵyn", "Ŷstrad", user)
        return guardianship(adult, pupil or people.efa, None, **{"suggestion": Suggestion.INVITE, **fields})

    return make


@pytest.fixture
def late_for_a_slot(people, make_guardianship, invite):
    """Make (guardianship, invitation, code) of an adult who is too late.

    The letter was printed while a slot was free, and the slot is taken since.
    """

    def make(**fields):
        gareth = Guardianship.objects.get(pupil=people.mali, contact__user=people.gareth)
        Guardianship.objects.filter(pk=gareth.pk).update(joined_at=None, slot=None)
        guardianship = make_guardianship(people.mali, **fields)
        invitation, code = invite(guardianship)
        Guardianship.objects.filter(pk=gareth.pk).update(joined_at=gareth.joined_at, slot=2)
        return guardianship, invitation, code

    return make


@pytest.fixture
def invite(people):
    """Make an invitation by the office: (invitation, code)."""

    def make(guardianship: Guardianship, when: str = "2026-11-10 10:00", by_hand: bool = False):
        by = people.actor(people.office)
        return make_invitation(guardianship=guardianship, by=by, at=at(when), by_hand=by_hand)

    return make
