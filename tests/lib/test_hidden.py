"""Hidden numbers do not tell how many rows there are (I3)."""

import re
from itertools import pairwise

import pytest
from django import forms
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from malpas.lib.hidden import BEYOND, HiddenNumberField, hide, reveal
from tests.messaging.school_time import from_class, from_parent
from tests.structure.world import make_world


@given(st.integers(min_value=0, max_value=BEYOND - 1))
def test_a_hidden_number_is_revealed_again(number):
    assert reveal(hide(number)) == number and 0 <= hide(number) < BEYOND


def test_consecutive_numbers_look_unrelated():
    shown = [hide(number) for number in range(1, 2_000)]
    steps = {later - one for one, later in pairwise(shown)}
    assert len(set(shown)) == len(steps) + 1 == 1_999 and shown != sorted(shown)
    assert sum(abs(step) > 2**40 for step in steps) > 1_900


def test_another_key_shows_other_numbers(settings):
    first = [hide(number) for number in range(50)]
    settings.CODE_KEY = "another key"
    assert not set(first) & {hide(number) for number in range(50)}


@pytest.mark.parametrize("number", [-1, BEYOND, 2**70])
def test_a_number_no_page_shows_is_refused(number):
    for act in (hide, reveal):
        with pytest.raises(ValueError, match=str(number)):
            act(number)
    with pytest.raises(forms.ValidationError):
        HiddenNumberField().clean(str(number) if number > 0 else "x")


ROWS = {
    "message_change": "waiting", "message_withdraw": "waiting", "message_put_back": "taken_back", "meeting_cancel": "promise", "meeting_move": "promise", "message_reroute": "message", "meeting_answer": "reply",
    "report_message": "message", "report_post": "post", "post": "post", "post_change": "waiting_post",
    "post_withdraw": "waiting_post", "broadcast": "broadcast", "oversight_access": "oversight_access", "report_read": "report",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROWS)
def test_an_address_does_not_hold_the_primary_key(people, name):
    row = getattr(make_world(people), ROWS[name])
    path = reverse(name, args=[row.pk])
    assert re.findall(r"\d+", path) == [str(hide(row.pk))]


@pytest.mark.django_db
def test_a_primary_key_in_an_address_finds_nothing(people):
    world = make_world(people)
    nia = people.client(people.nia)
    assert nia.get(f"/messages/change/{world.waiting.pk}/").status_code == 404
    assert nia.get(f"/messages/change/{hide(world.waiting.pk)}/").status_code == 200
    assert nia.get(f"/messages/change/{9 * 10**15}/").status_code == 404


@pytest.mark.django_db
def test_a_conversation_shows_no_number_that_counts_up(people):
    first = from_parent(people, "One.")
    for _other in range(5):
        from_parent(people, "In between.", parent=people.gareth)
    last = from_class(people, "Two.")
    for who in (people.nia, people.celyn):
        page = people.client(who).get(f"/messages/{first.conversation_id}/").content.decode()
        numbers = {
            int(found)
            for found in re.findall(r"(?:message-|seen[^0-9]{1,12}|report/message/|/pass-on/)(\d+)", page)
        }
        assert numbers and not numbers & {first.pk, last.pk}
