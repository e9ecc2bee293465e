"""Test the pages that restrict, correct, end and open again a connection (PA-2)."""

import re
from itertools import product
from uuid import uuid4

import pytest

from accounts.models.audit import AuditEntry
from classes.enums import Relationship, Restriction, Suggestion
from classes.guardianship.ending import EndUnconfirmed, end_confirmed
from classes.guardianship.facts import change_facts
from classes.guardianship.rules import Facts, loosens
from classes.guardianship.services import HasEnded, NotYours
from classes.joining.rules import why_approval
from classes.models.changes import RecordChange
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.models.pupils import Pupil
from classes.own_children import OwnChild
from classes.rules import EndsOthers
from messaging.models.conversations import Conversation, Message
from tests.classes.guardianship.closing import guardianship_of
from tests.classes.people.test_pages import fields_of, send, words
from tests.clock import at
from tests.people import give_account, make_contact, make_staff, note_device
from tests.sentences.classes import (
    ACCESS_CHANGED,
    GUARDIANSHIP_IS_OPEN,
    LEADER_CHANGES_FACTS,
    NOTE_MISSING,
    NUMBER_HAS_CHANGED,
    ONE_CODE_ENDS,
    TWO_MESSAGES_WITHDRAWN,
)
from tests.sentences.reading import says

pytestmark = pytest.mark.policy("PA-2")
NOW = at("2026-11-10 10:00")
ORDER = "Order of the family court, 3 November"


@pytest.fixture(autouse=True)
def ten_o_clock(clock):
    clock.set("2026-11-10 10:00")


@pytest.fixture
def nia(people) -> Guardianship:
    return guardianship_of(people.nia, people.mali)


def path_of(guardianship: Guardianship, act: str = "") -> str:
    return f"/people/connection/{guardianship.pk}/{act}"


def wait(people, *bodies: str) -> None:
    """Put messages of Nia's conversation that have not arrived."""
    conversation, _made = Conversation.objects.get_or_create(pupil=people.mali, parent=people.nia)
    for body in bodies:
        Message.objects.create(
            conversation=conversation, author=people.nia, from_class=False, body=body, key=uuid4(), sent_at=NOW,
            release_at=at("2026-11-11 08:30"),
        )  # fmt: skip


# -- restricting


def test_the_childs_page_leads_to_every_act_of_a_connection(people, office, nia):
    assert path_of(nia) in words(office.get(f"/people/child/{people.mali.pk}/"))
    page = words(office.get(path_of(nia)))
    for act in ("restrict", "change", "end"):
        assert path_of(nia, f"{act}/") in page
    Guardianship.objects.filter(pk=nia.pk).update(ended_at=NOW)
    assert path_of(nia) in words(office.get(f"/people/child/{people.mali.pk}/"))
    page = words(office.get(path_of(nia)))
    assert path_of(nia, "open/") in page and path_of(nia, "end/") not in page


@pytest.mark.parametrize("restriction", [Restriction.MESSAGING_PAUSED, Restriction.NO_ACCESS])
def test_a_restriction_needs_a_note_and_loses_nothing(people, office, nia, restriction):
    for note in ("", "  \n"):
        answer = send(office, path_of(nia, "restrict/"), restriction=restriction, note=note)
        assert answer.status_code == 422 and says(words(answer), NOTE_MISSING)
        assert f'value="{restriction}"' in re.search(r"<input[^>]*checked[^>]*>", words(answer))[0]
    assert guardianship_of(people.nia, people.mali).restriction == Restriction.NONE


def test_no_access_closes_the_parents_open_page_at_once(people, office, nia):
    browser = people.client(people.nia)
    assert browser.get(f"/points/{people.mali.pk}/").status_code == 200
    answer = send(office, path_of(nia, "restrict/"), restriction="no_access", note=ORDER)
    assert answer.status_code == 302
    assert browser.get(f"/points/{people.mali.pk}/").status_code == 404
    page = words(office.get(f"/people/child/{people.mali.pk}/"))
    assert says(page, ACCESS_CHANGED, adult="Nia Bowen", before="as usual", after="no access")
    assert page.count(ORDER) == 2  # beside the adult, and in the history


def test_the_history_keeps_the_note_of_an_earlier_restriction(people, office, nia):
    send(office, path_of(nia, "restrict/"), restriction="no_access", note=ORDER)
    send(office, path_of(nia, "restrict/"), restriction="none", note="The order was lifted.")
    page = words(office.get(f"/people/child/{people.mali.pk}/"))
    assert f"{ORDER} → The order was lifted." in page
    assert ORDER not in str(list(AuditEntry.objects.values()))


def test_the_same_decision_twice_is_one(people, office, nia):
    for _twice in range(2):
        send(office, path_of(nia, "restrict/"), restriction="no_access", note=ORDER)
    assert AuditEntry.objects.filter(verb="guardianship.restricted").count() == 1
    assert RecordChange.objects.filter(field="restriction_note").count() == 1


def test_leaving_as_it_is_decides_a_court_order(people, office, nia):
    Guardianship.objects.filter(pk=nia.pk).update(court_order=True)
    send(office, path_of(nia, "restrict/"), restriction="none", note="")
    assert not Guardianship.objects.to_decide().exists()


# -- ending


def test_an_end_says_in_numbers_what_ends_and_asks(people, office, nia):
    wait(people, "One", "Two")
    note_device(people.client(people.nia), people.nia)
    page = words(office.get(path_of(nia, "end/")))
    assert says(page, TWO_MESSAGES_WITHDRAWN, number=2)
    assert "On 1 signed-in device" in page and "1 conversation" in page
    assert office.post(path_of(nia, "end/")).status_code == 200  # nothing confirmed: it asks
    assert guardianship_of(people.nia, people.mali).ended_at is None
    answer = office.post(path_of(nia, "end/"), {"codes": "0", "waiting": "2"})
    assert answer.status_code == 302
    assert not Pupil.objects.of_parent(people.nia)
    assert not Message.objects.filter(withdrawn_at=None).exists()
    assert office.post(path_of(nia, "end/"), {"codes": "0", "waiting": "2"}).status_code == 302
    assert AuditEntry.objects.filter(verb="guardianship.ended").count() == 1


def test_a_number_that_changed_meanwhile_ends_nothing(people, office, nia):
    wait(people, "One")
    answer = office.post(path_of(nia, "end/"), {"codes": "0", "waiting": "0"})
    assert answer.status_code == 409 and says(words(answer), NUMBER_HAS_CHANGED)
    assert Message.objects.filter(withdrawn_at=None).count() == 1
    with pytest.raises(EndUnconfirmed):
        end_confirmed(guardianship=nia, confirmed=None, by=people.actor(people.office), at=NOW)


def test_an_open_code_is_counted_among_what_ends(people, office, make_guardianship, invite):
    made = make_guardianship()
    invite(made)
    page = words(office.get(path_of(made, "end/")))
    assert says(page, ONE_CODE_ENDS, number=1)
    assert office.post(path_of(made, "end/"), {"codes": "0", "waiting": "0"}).status_code == 409
    assert office.post(path_of(made, "end/"), {"codes": "1", "waiting": "0"}).status_code == 302
    assert not Invitation.objects.open().exists()


@pytest.mark.parametrize("sent", [{"codes": "many", "waiting": "0"}, {"codes": "9" * 30, "waiting": "-1"}])
def test_numbers_that_are_none_are_asked_again(office, nia, sent):
    assert office.post(path_of(nia, "end/"), sent).status_code == 200
    nia.refresh_from_db()
    assert nia.ended_at is None


# -- opening again


def test_reopening_says_what_comes_back_and_gives_no_access(people, office, nia):
    Guardianship.objects.filter(pk=nia.pk).update(
        ended_at=NOW, restriction=Restriction.MESSAGING_PAUSED, restriction_note=ORDER
    )
    assert "come back, too" in words(office.get(path_of(nia, "open/")))
    answer = office.post(path_of(nia, "open/"))
    fresh = Guardianship.objects.get(pupil=people.mali, contact=nia.contact, ended_at=None)
    assert answer.url == path_of(fresh)
    assert (fresh.joined_at, fresh.restriction_note, fresh.suggestion) == (None, ORDER, Suggestion.HOLD)
    assert not Pupil.objects.of_parent(people.nia)
    again = office.post(path_of(nia, "open/"))
    assert again.status_code == 422 and says(words(again), GUARDIANSHIP_IS_OPEN)


# -- facts


def test_an_order_marked_by_hand_waits_for_a_decision(people, office, nia):
    answer = send(office, path_of(nia, "change/"), court_order="on")
    assert answer.status_code == 302
    assert [one.pk for one in Guardianship.objects.to_decide()] == [nia.pk]
    page = words(office.get(f"/people/child/{people.mali.pk}/"))
    assert "Nia Bowen – Mali Bowen, court order: no → yes" in page


def test_an_order_that_ends_a_letter_says_so_first(office, make_guardianship, invite):
    made = make_guardianship()
    invite(made)
    answer = send(office, path_of(made, "change/"), court_order="on")
    assert answer.status_code == 200 and 'name="ends" value="1"' in words(answer)
    assert Invitation.objects.open().exists() and not Guardianship.objects.get(pk=made.pk).court_order
    assert send(office, path_of(made, "change/"), court_order="on", ends="1").status_code == 302
    assert not Invitation.objects.open().exists() and Guardianship.objects.get(pk=made.pk).court_order


LOOSER = {
    "somebody becomes a guardian": ({"relationship": "grandmother"}, {"relationship": "guardian"}),
    "responsibility is given": ({"relationship": "mother"}, {"parental_responsibility": "on"}),
    "an order is taken off": ({"court_order": True}, {"court_order": ""}),
    "a hold is taken off": ({"suggestion": "hold"}, {"suggestion": "contact_only"}),
    "a contact gets letters": ({"suggestion": "contact_only"}, {"suggestion": "invite"}),
}


@pytest.mark.parametrize("kind", LOOSER)
def test_the_office_asks_a_leader_for_what_loosens(people, office, deputy, make_guardianship, kind):
    facts, change = LOOSER[kind]
    made = make_guardianship(contact=make_contact("Ann", "Abel"))
    Guardianship.objects.filter(pk=made.pk).update(**{"parental_responsibility": False, **facts})
    before = Guardianship.objects.filter(pk=made.pk).values().get()
    answer = send(office, path_of(made, "change/"), **change)
    assert answer.status_code == 422 and says(words(answer), LEADER_CHANGES_FACTS)
    assert Guardianship.objects.filter(pk=made.pk).values().get() == before
    assert send(deputy, path_of(made, "change/"), **change).status_code == 302
    assert Guardianship.objects.filter(pk=made.pk).values().get() != before


def test_what_loosens_is_never_less_than_what_a_code_needs():
    """Whenever a change lets somebody have a code without an approval, it loosens."""
    every = [Facts(*facts) for facts in product(Relationship, (True, False), (True, False), Suggestion)]
    need = {facts: bool(why_approval(Guardianship(**facts._asdict()))) for facts in every}
    assert [
        pair for pair in product(every, every) if need[pair[0]] and not need[pair[1]] and not loosens(*pair)
    ] == []


def test_only_what_was_changed_on_the_page_is_saved_of_a_connection(people, deputy, nia):
    page = deputy.get(path_of(nia, "change/"))
    Guardianship.objects.filter(pk=nia.pk).update(court_order=True)  # the office, meanwhile
    assert (
        deputy.post(path_of(nia, "change/"), {**fields_of(page), "relationship": "mother"}).status_code == 302
    )
    nia.refresh_from_db()
    assert (nia.relationship, nia.court_order) == ("mother", True)


# -- who


def test_services_themselves_refuse_strangers_and_ones_own_child(people, nia):
    stranger = {"guardianship": nia, "by": people.actor(people.gareth)}
    for act in (
        lambda by: change_facts(values={"court_order": True}, **by),
        lambda by: end_confirmed(confirmed=(0, 0), at=NOW, **by),
    ):
        with pytest.raises(NotYours):
            act(stranger)
    own = give_account(make_staff("Mr", "Gareth", "Bowen", is_slt=True), people.gareth)
    for act in (
        lambda by: change_facts(values={"court_order": True}, **by),
        lambda by: end_confirmed(confirmed=(0, 0), at=NOW, **by),
    ):
        with pytest.raises(OwnChild):
            act({"guardianship": nia, "by": people.actor(own)})


def test_a_connection_of_ones_own_child_offers_nothing(people, nia):
    own = people.client(give_account(make_staff("Mrs", "Nia", "Bowen", is_office=True), people.nia))
    for act in ("", "restrict/", "change/", "end/", "open/"):
        page = words(own.get(path_of(nia, act)))
        assert "<form" not in page.split("<main")[1].split("</main")[0]
    answer = own.post(path_of(nia, "restrict/"), {"restriction": "none", "note": "Mine."})
    assert answer.status_code == 422 and "<form" not in words(answer).split("<main")[1].split("</main")[0]


def test_an_ended_connection_is_neither_restricted_nor_changed(people, office, nia):
    Guardianship.objects.filter(pk=nia.pk).update(ended_at=NOW)
    assert send(office, path_of(nia, "restrict/"), restriction="no_access", note=ORDER).status_code == 422
    with pytest.raises(HasEnded):
        change_facts(guardianship=nia, values={"court_order": True}, by=people.actor(people.office))


def test_the_service_wants_the_number_of_codes_that_end(people, make_guardianship, invite):
    made = make_guardianship()
    invite(made)
    for ends in (None, 0, 2):
        with pytest.raises(EndsOthers):
            change_facts(
                guardianship=made, values={"court_order": True}, ends=ends, by=people.actor(people.office)
            )
