"""Test that a leaving date acts everywhere on its day (PA-4, PU-4)."""

import pytest
from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models.notifications import Notification
from classes.guardianship.leaving import withdraw_notices_of_departed_due
from classes.joining.invitations import NoCode
from classes.joining.queries import (
    class_states,
    find_invitation,
    guardianships_in_state,
    guardianships_to_invite,
)
from classes.joining.services import redeem
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from classes.pupil_access.cards import new_card
from classes.pupil_access.queries import class_cards, pupils_at_class_page
from classes.queries import parents_of_class
from malpas.lib.errors import RuleViolation
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Conversation
from messaging.office.queries.enquiries import contacts_named
from points.notifications import notify_families
from tests.clock import at
from tests.people import key, make_user
from tests.sentences.classes import FAMILY_ACCESS_UNTIL, LEAVING_DATE_REFUSED

DAY, EVE = "2026-11-12 00:00", "2026-11-11 23:59"
NOW = at("2026-11-10 10:00")


@pytest.fixture
def leaving(people, clock):
    """Enter on Tuesday that Mali and Efa leave on Thursday 12 November."""
    send_message(
        pupil=people.mali, parent=people.nia, body="Hello", by=people.actor(people.nia), at=NOW, key=key()
    )
    Pupil.objects.filter(pk__in=[people.mali.pk, people.efa.pk]).update(left_on="2026-11-12")
    for pupil in (people.mali, people.efa):
        pupil.refresh_from_db()
    return people


def who_asks(people) -> dict[str, bool]:
    """Return the places that name the child, and whether they do."""
    celyn, office, room = people.actor(people.celyn), people.actor(people.office), people.celyn
    now = at("2026-11-12 10:00")
    return {
        "parent": Pupil.objects.of_parent(people.nia).exists(),
        "class": Pupil.objects.visible_to(celyn).filter(pk=people.mali.pk).exists(),
        "office": Pupil.objects.visible_to(office).filter(pk=people.mali.pk).exists(),
        "news": parents_of_class(room).filter(pk=people.nia.pk).exists(),
        "cards": people.mali in [card.pupil for card in class_cards(room, now)],
        "who has joined": people.mali in [row.pupil for row in class_states(room, now)],
        "filter": guardianships_in_state(Guardianship.objects.all(), "joined")
        .filter(pupil=people.mali)
        .exists(),
        "conversation": Conversation.objects.visible_to(celyn).filter(pupil=people.mali).exists(),
        "parent’s conversation": Conversation.objects.visible_to(Actor(people.nia)).exists(),
        "call": bool(contacts_named(office, "Nia")),
        "pages": people.client(people.nia).get(f"/points/{people.mali.pk}/").status_code == 200,
        "pupil": people.client(people.mali).get("/pupil/me/").status_code == 200,
    }


@pytest.mark.policy("PA-4")
def test_until_the_day_before_nothing_has_changed(leaving, clock):
    clock.set(EVE)
    assert [slot for slot, there in who_asks(leaving).items() if not there] == []


@pytest.mark.policy("PA-4")
def test_on_the_day_the_child_is_gone_everywhere(leaving, clock):
    clock.set(DAY)
    assert [slot for slot, there in who_asks(leaving).items() if there] == []


@pytest.mark.policy("PA-1")
def test_a_code_lives_until_the_day(leaving, make_guardianship, invite, clock):
    guardianship = make_guardianship()
    invitation, code = invite(guardianship, "2026-11-10 10:00")
    clock.set(EVE)
    assert find_invitation(code, leaving.efa.date_of_birth) and list(guardianships_to_invite(None)) == [
        guardianship
    ]
    clock.set(DAY)
    assert (
        find_invitation(code, leaving.efa.date_of_birth) is None
        and not guardianships_to_invite(None).exists()
    )
    with pytest.raises(RuleViolation):
        redeem(invitation_id=invitation.pk, by=Actor(make_user("", "w@family.example")), at=at(DAY))
    with pytest.raises(NoCode, match="left the school"):
        invite(guardianship, DAY)


@pytest.mark.policy("PU-4")
def test_a_card_is_made_until_the_day(leaving):
    by = leaving.actor(leaving.celyn)
    assert new_card(pupil=leaving.efa, by=by, at=at(EVE))
    assert leaving.efa in pupils_at_class_page(leaving.celyn)
    with pytest.raises(RuleViolation, match="in no class"):
        new_card(pupil=leaving.efa, by=by, at=at(DAY))


def test_notifications_are_withdrawn_on_the_leaving_day(leaving, clock):
    notify_families({leaving.mali.pk: 1}, NOW)
    mine = Notification.objects.filter(recipient=leaving.nia, kind="points", withdrawn_at__isnull=True)
    clock.set(EVE)
    withdraw_notices_of_departed_due()
    assert mine.exists()
    clock.set(DAY)
    assert withdraw_notices_of_departed_due() and not mine.exists()
    assert withdraw_notices_of_departed_due() == 0


@pytest.mark.parametrize("day", ["2018-05-03", "1900-01-01", "0001-01-01", "2100-01-01", "9999-12-31"])
def test_the_database_refuses_a_leaving_date_that_is_none(people, day):
    with pytest.raises(IntegrityError, match="pupil_leaves_after_birth"), transaction.atomic():
        Pupil.objects.filter(pk=people.mali.pk).update(left_on=day)


def test_the_office_reads_when_a_leaving_date_will_act(people):
    office, path = people.client(people.office), f"/admin/classes/pupil/{people.mali.pk}/change/"
    said = {"admission_number": "", "upn": "", "legal_forename": "Mali", "legal_surname": "Bowen", "year": "",
            "preferred_forename": "Mali", "date_of_birth": "2018-05-04", "classroom": people.celyn.pk}  # fmt: skip
    answer = office.post(path, {**said, "left_on": "2027-07-20"}, follow=True).content.decode()
    assert FAMILY_ACCESS_UNTIL % {"day": "20.07.2027"} in answer
    assert Pupil.objects.of_parent(people.nia).exists()
    answer = office.post(path, {**said, "left_on": "1900-01-01"})
    assert answer.status_code == 200 and LEAVING_DATE_REFUSED in answer.content.decode()
