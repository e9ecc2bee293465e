"""Check what the office's forms ask for, and that they say who reads what (PA-7)."""

import pytest

from malpas.lib.hidden import hide
from messaging.models.enquiries import Enquiry
from tests.messaging.office.test_enquiries import submit_form
from tests.messaging.school_time import QUIET, from_parent, page_text
from tests.people import key
from tests.sentences.messaging import REACHES_OFFICE_AT_ONCE, WHO_READS_A_COMPLAINT
from tests.sentences.reading import says


@pytest.mark.policy("PA-7")
def test_the_complaint_form_says_who_reads_it(people):
    page = page_text(people.client(people.nia), "/write/complaint/")
    assert says(page, WHO_READS_A_COMPLAINT)
    assert page.index("governor for complaints") < page.index("<textarea")


def test_a_complaint_need_not_say_what_would_put_it_right(people):
    page = page_text(people.client(people.nia), "/write/complaint/")
    field = page[page.index('name="wanted"') - 60 :]
    assert field[:60].count("<textarea") == 1
    submit_form(people, "complaint", wanted="")
    assert "wanted" not in Enquiry.objects.get().facts


@pytest.mark.policy("PA-7")
@pytest.mark.parametrize("when", ["2026-11-10 10:00", QUIET])
def test_the_urgent_form_says_one_thing_and_the_number_first(people, clock, when):
    clock.set(when)
    page = page_text(people.client(people.nia), "/write/urgent/")
    assert 'class="call"' in page and not says(page, REACHES_OFFICE_AT_ONCE)
    assert page.index("01632 960115") < page.index("<textarea")
    assert says(page_text(people.client(people.nia), "/write/other/"), REACHES_OFFICE_AT_ONCE)


@pytest.mark.policy("PA-7")
def test_passing_on_leaves_the_class_in_the_conversation(people):
    message = from_parent(people, "Can she have packed lunch?")
    from_parent(people, "The castle is done.")
    celyn = people.client(people.celyn)
    answer = celyn.post(f"/messages/pass-on/{hide(message.pk)}/", {"topic": "dinners"}, follow=True)
    page = answer.content.decode()
    assert answer.request["PATH_INFO"] == f"/messages/{message.conversation_id}/"
    assert Enquiry.objects.get().reference in page
    assert "The castle is done." in page and "packed lunch" not in page


def test_where_nothing_is_left_it_leads_to_the_family(people):
    message = from_parent(people, "Can she have packed lunch?")
    answer = people.client(people.celyn).post(
        f"/messages/pass-on/{hide(message.pk)}/", {"topic": "dinners", "key": key()}, follow=True
    )
    page = answer.content.decode()
    assert answer.status_code == 200 and Enquiry.objects.get().reference in page and "<textarea" in page
