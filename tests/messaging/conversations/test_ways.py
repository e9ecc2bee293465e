"""Check where a text may go instead.

And who is offered to write.
"""

import pytest

from malpas.lib.hidden import hide
from messaging.oversight.suspension import suspend_messaging
from tests.clock import at
from tests.messaging.school_time import QUIET, from_class, from_parent, page_text
from tests.sentences.messaging import ASK_FOR_A_MEETING, SEND_AS_IT_IS


@pytest.mark.policy("AU-1")
@pytest.mark.policy("PA-8")
def test_a_screened_change_offers_the_other_ways_too(people, clock):
    clock.set(QUIET)
    message = from_parent(people, when=QUIET)
    nia, address = people.client(people.nia), f"/messages/change/{hide(message.pk)}/"
    assert "button--primary" in page_text(nia, address) and ASK_FOR_A_MEETING not in page_text(nia, address)
    page = nia.post(address, {"body": "How is Mali getting on at school?"}).content.decode()
    assert f'formaction="/messages/child/{people.mali.pk}/meeting/"' in page and SEND_AS_IT_IS in page
    page = nia.post(address, {"body": "Mali is ill and off school tomorrow."}).content.decode()
    assert 'formaction="/write/absence/"' in page and f'name="child" value="{people.mali.pk}"' in page


def test_while_suspended_no_page_offers_a_form(people, clock):
    message = from_parent(people, when=QUIET)
    offer = from_class(people)
    clock.set(QUIET)
    pages = {
        f"/messages/child/{people.mali.pk}/meeting/": people.nia,
        f"/messages/change/{hide(message.pk)}/": people.nia,
        f"/messages/{offer.conversation_id}/meet/": people.celyn,
    }
    assert all("<textarea" in page_text(people.client(who), page) for page, who in pages.items())
    suspend_messaging(by=people.actor(people.head), at=at(QUIET), reason="A test")
    for page, who in pages.items():
        text = page_text(people.client(who), page)
        assert "<textarea" not in text and "hours__title" not in text, page
