"""Check that the queue loses nothing and shows alerts first (PA-7)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.calendar.hours import school_hours
from messaging.enums import Alert, Topic
from messaging.models.enquiries import Enquiry
from messaging.office.queries.queue import PAGE, get_queue_cursor, queue
from messaging.office.rules.allergy import names_allergy
from messaging.office.services.calls import record_call
from messaging.office.services.casework import add_to_enquiry, close_enquiry
from messaging.office.services.enquiries import submit_enquiry
from messaging.office.services.rerouting import reroute_message
from tests.clock import at
from tests.messaging.office.test_enquiries import submit_form
from tests.messaging.school_time import from_parent, page_text
from tests.people import key

NOW = at("2026-11-10 10:00")


def fill(people, number: int, **facts) -> list[Enquiry]:
    """Make this many open enquiries, a minute apart, the oldest first."""
    return Enquiry.objects.bulk_create(
        Enquiry(
            reference=f"K {n:06}",
            topic=Topic.OTHER,
            parent=people.nia,
            body=f"Number {n}.",
            key=uuid4(),
            sent_at=at("2026-10-01 10:00") + timedelta(minutes=n),
            **facts,
        )
        for n in range(number)
    )


def submit(people, topic=Topic.OTHER, said="A hat", **more) -> Enquiry:
    nia = people.actor(people.nia)
    return submit_enquiry(topic=topic, pupils=[people.mali], by=nia, at=NOW, key=key(), body=said, **more)


def everything(people, browser, path="/office/") -> list[int]:
    """Return the enquiries of all pages in their order.

    Goes from page to page as a person does.
    """
    found: list[int] = []
    while path:
        page = page_text(browser, path)
        found += [int(pk) for pk in re.findall(r'<a href="/office/(\d+)/"', page)]
        following = re.search(r'href="(\?[^"]*after=\d+)"', page)
        path = "/office/" + following[1].replace("&amp;", "&") if following else ""
    return found


@pytest.mark.policy("PA-7")
def test_the_newest_urgent_one_of_226_stands_first(people):
    others = fill(people, 225)
    urgent = submit(people, Topic.URGENT, "Nan collects her")
    seen = everything(people, people.client(people.office))
    assert seen == [urgent.pk, *(one.pk for one in others)]


def test_a_page_shows_each_enquiry_once_whatever_is_done(people):
    fill(people, 2 * PAGE + 5)
    actor, hours = people.actor(people.office), school_hours(people.school)
    first = [row.enquiry for row in queue(actor, now=NOW, hours=hours)]
    close_enquiry(first[-1], by=actor, at=NOW)
    place = get_queue_cursor(actor, first[-1].pk)
    second = [row.enquiry for row in queue(actor, now=NOW, hours=hours, after=place)]
    assert len(first) == len(second) == PAGE and not set(first) & set(second)
    assert second[0].body == f"Number {PAGE}."


def test_what_is_done_goes_on_page_by_page_newest_first(people):
    rows = fill(people, PAGE + 3)
    Enquiry.objects.filter(pk__in=[row.pk for row in rows]).delete()
    done = fill(people, PAGE + 3, state="closed", closed_at=NOW)
    seen = everything(people, people.client(people.office), "/office/?whose=done")
    assert seen == [one.pk for one in reversed(done)]


@pytest.mark.parametrize("place", ["x", "0", "-1", "999999", "9" * 30, ""])
def test_an_invalid_cursor_shows_the_first_page(people, place):
    enquiry = submit(people)
    page = people.client(people.office).get(f"/office/?after={place}")
    assert page.status_code == 200 and f"/office/{enquiry.pk}/" in page.content.decode()


def test_urgent_ones_stand_before_the_sheet_and_the_filters(people):
    submit(people, said="A hat")
    urgent = submit(people, Topic.URGENT, "Nan collects her")
    page = page_text(people.client(people.office), "/office/")
    place = page.index(f'href="/office/{urgent.pk}/"')
    assert place < page.index('id="sheet"') and place < page.index('class="tabs"')
    assert page.count(f'href="/office/{urgent.pk}/"') == 1


@pytest.mark.parametrize(
    "said",
    [
        "She is allergic to nuts",
        "His Epi-Pen is in the bag",
        "new EPIPEN please",
        "risk of anaphylaxis",
        "an anaphylactic shock",
        "Nut allergies!",
        "an alergy",
        "Mae ganddi alergedd i gnau",
        "ei halergedd",
        "adwaith alergaidd",
        "anaffylacsis",
        "Jext in her bag",
    ],
)
def test_words_about_an_allergy_are_known_in_both_languages(said):
    assert names_allergy(said)


@pytest.mark.parametrize("said", ["All pens are lost", "A grey coat", "Alice went to the gallery", ""])
def test_other_words_are_no_allergy(said):
    assert not names_allergy(said)


@pytest.mark.policy("PA-7")
def test_an_allergy_of_the_dinners_form_stands_first_marked(people, clock):
    clock.set("2026-11-10 10:00")
    hat = submit_form(people)
    diet = submit_form(people, "dinners", "No sesame", about="diet")
    menu = submit_form(people, "dinners", "Thursday's menu")
    assert everything(people, people.client(people.office)) == [diet.pk, hat.pk, menu.pk]
    assert Enquiry.objects.get(pk=diet.pk).alert == Alert.ALLERGY
    for page in ("/office/", f"/office/{diet.pk}/"):
        assert ">Allergy</span>" in page_text(people.client(people.office), page)


def test_an_allergy_is_marked_by_its_words_however_it_came(people, clock):
    clock.set("2026-11-10 10:00")
    office, said = people.actor(people.office), "She has an allergy to eggs"
    call = {"topic": Topic.OTHER, "contact": people.nia.contact, "pupils": [people.mali], "body": said}
    message = from_parent(people, said)
    enquiries = [
        submit(people, said=said),
        submit(people, Topic.LOST, "", facts={"item": "Her EpiPen"}),
        record_call(**call, by=office, at=NOW, key=key()),
        reroute_message(message, topic=Topic.OTHER, by=people.actor(people.celyn), at=NOW),
    ]
    assert {row.alert for row in Enquiry.objects.filter(pk__in=[one.pk for one in enquiries])} == {
        Alert.ALLERGY
    }


def test_an_allergy_that_a_family_adds_later_is_marked(people):
    enquiry = submit(people)
    add_to_enquiry(enquiry, body="She carries an EpiPen", by=people.actor(people.nia), at=NOW, key=key())
    enquiry.refresh_from_db()
    assert enquiry.alert == Alert.ALLERGY


def test_the_database_marks_what_code_forgets(people):
    urgent = fill(people, 1)[0]
    rows = Enquiry.objects.filter(pk=urgent.pk)
    rows.update(topic="urgent", alert="")
    assert rows.get().alert == Alert.URGENT
    rows.update(topic="dinners", facts={"about": "diet"}, alert="")
    assert rows.get().alert == Alert.ALLERGY


def test_a_page_of_the_queue_asks_no_more_for_more_rows(people, django_assert_max_num_queries):
    fill(people, 3)
    actor, hours = people.actor(people.office), school_hours(people.school)
    with django_assert_max_num_queries(2):
        queue(actor, now=NOW, hours=hours)
    fill_more = [
        Enquiry(reference=f"O {n:06}", topic="other", parent=people.nia, key=uuid4()) for n in range(60)
    ]
    Enquiry.objects.bulk_create(fill_more)
    with django_assert_max_num_queries(2):
        assert len(queue(actor, now=NOW, hours=hours)) == PAGE
