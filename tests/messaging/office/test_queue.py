"""Check that the queue loses nothing and shows alerts first (PA-7)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.calendar.hours import school_hours
from messaging.enums import Alert, Topic
from messaging.models.enquiries import Enquiry
from messaging.office.queries.enquiries import topic_figures
from messaging.office.queries.queue import PAGE, get_queue_cursor, queue, topic_counts
from messaging.office.rules.allergy import names_allergy
from messaging.office.services.calls import record_call
from messaging.office.services.casework import (
    add_to_enquiry,
    answer_enquiry,
    close_enquiry,
    note_on_enquiry,
    take_enquiry,
)
from messaging.office.services.enquiries import AbsenceFacts, submit_enquiry
from messaging.office.services.rerouting import reroute_message
from tests.clock import at
from tests.messaging.office.test_absence import submit_absence
from tests.messaging.office.test_enquiries import submit_form
from tests.messaging.school_time import from_parent, page_text
from tests.people import key, make_staff
from tests.sentences.messaging import GOING_HOME_TODAY

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
        found += [int(pk) for pk in re.findall(r'<a href="/office/(\d+)/"><b>', page)]
        following = re.search(r'href="(\?[^"]*after=[\d.]+)"', page)
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
    rows = queue(actor, now=NOW, hours=hours)
    first = [row.enquiry for row in rows]
    close_enquiry(first[-1], by=actor, at=NOW)
    place = get_queue_cursor(actor, rows[-1].cursor)
    second = [row.enquiry for row in queue(actor, now=NOW, hours=hours, after=place)]
    assert len(first) == len(second) == PAGE and not set(first) & set(second)
    assert second[0].body == f"Number {PAGE}."


def test_what_is_done_goes_on_page_by_page_newest_first(people):
    rows = fill(people, PAGE + 3)
    Enquiry.objects.filter(pk__in=[row.pk for row in rows]).delete()
    done = fill(people, PAGE + 3, state="closed", closed_at=NOW)
    seen = everything(people, people.client(people.office), "/office/?whose=done")
    assert seen == [one.pk for one in reversed(done)]


@pytest.mark.parametrize("place", ["x", "0", "-1", "2.999999", "2." + "9" * 18, "9" * 30, "2.", "4.1", ""])
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


# -- what waits, and what its absence sheet takes care of ------------------------------------------------


def report(people, clock, when, first="2026-11-10", **more) -> Enquiry:
    clock.set(when)
    submit_absence(people, first="other", first_date=first, **more)
    return Enquiry.objects.latest("turn")


def waits(people, enquiry) -> bool:
    return enquiry.pk in everything(people, people.client(people.office))


@pytest.mark.policy("PA-13")
def test_an_absence_belongs_to_its_sheet_and_not_to_the_queue(people, clock):
    enquiry, hat = report(people, clock, "2026-11-10 07:15"), submit_form(people)
    assert everything(people, people.client(people.office)) == [hat.pk]
    assert f'href="/office/{enquiry.pk}/">Mali' in page_text(people.client(people.office), "/office/")
    assert topic_counts(people.actor(people.office)) == {Topic.LOST: 1}
    figures = topic_figures(people.actor(people.office), now=NOW, hours=school_hours(people.school))
    assert {one.topic: (one.came, one.open) for one in figures}[Topic.ABSENCE] == (1, 0)
    assert not waits(people, enquiry)


@pytest.mark.parametrize(
    ("when", "first", "more", "is_waiting"),
    [
        ("2026-11-10 07:15", "2026-11-10", {}, False),
        ("2026-11-10 07:15", "2026-11-12", {"back": "date", "back_date": "2026-11-13"}, False),
        ("2026-11-10 16:00", "2026-11-10", {"part": "morning"}, False),
        ("2026-11-10 20:00", "2026-11-10", {"part": "morning"}, True),
        ("2026-11-11 07:15", "2026-11-10", {"back": "date", "back_date": "2026-11-11"}, True),
        ("2026-11-14 10:00", "2026-11-12", {"back": "date", "back_date": "2026-11-16"}, True),
        ("2026-11-14 10:00", "2026-11-12", {}, False),
        ("2026-11-10 07:15", "2026-11-10", {"note": "She has an allergy to the tablets"}, True),
    ],
)
def test_an_absence_on_no_coming_sheet_or_with_an_alert_waits(people, clock, when, first, more, is_waiting):
    assert waits(people, report(people, clock, when, first, **more)) is is_waiting


def test_words_under_an_absence_wait_until_they_are_answered(people, clock):
    enquiry = report(people, clock, "2026-11-10 07:15")
    add_to_enquiry(enquiry, body="Is there a trip?", by=people.actor(people.nia), at=NOW, key=key())
    assert waits(people, enquiry)
    answer_enquiry(enquiry, body="On Friday.", by=people.actor(people.office), at=NOW, key=key())
    assert not waits(people, enquiry)


def test_an_absence_that_somebody_has_taken_waits_for_them(people, clock):
    enquiry = report(people, clock, "2026-11-10 07:15")
    take_enquiry(enquiry, by=people.actor(people.office), at=NOW)
    assert waits(people, enquiry)
    close_enquiry(enquiry, by=people.actor(people.office), at=NOW)
    assert not waits(people, enquiry)


def test_a_rerouted_absence_waits_because_its_days_are_a_guess(people, clock):
    clock.set("2026-11-10 10:00")
    message, celyn = from_parent(people, "Not in on Friday"), people.actor(people.celyn)
    assert waits(people, reroute_message(message, topic=Topic.ABSENCE, by=celyn, at=NOW))


def test_a_call_about_an_absence_belongs_to_the_sheet_too(people, clock):
    clock.set("2026-11-10 10:00")
    facts = AbsenceFacts(first_day=NOW.date(), part="whole", reason="ill")
    call = {"topic": Topic.ABSENCE, "contact": people.nia.contact, "pupils": [people.mali], "body": ""}
    assert not waits(
        people, record_call(**call, absence=facts, by=people.actor(people.office), at=NOW, key=key())
    )


# -- order and search ----------------------------------------------------------------------------------


def test_urgent_stands_before_allergy_before_who_collects_today(people, clock):
    clock.set("2026-11-10 10:00")
    hat = submit_form(people)
    tomorrow = submit(people, Topic.CLUBS, "", facts={"about": "collects", "day": "2026-11-11"})
    today = submit(people, Topic.CLUBS, "", facts={"about": "collects", "day": "2026-11-10"})
    diet = submit(people, Topic.DINNERS, "", facts={"about": "diet"})
    urgent = submit(people, Topic.URGENT, "The gate is open")
    browser = people.client(people.office)
    assert everything(people, browser) == [urgent.pk, today.pk, diet.pk, hat.pk, tomorrow.pk]
    assert page_text(browser, "/office/").count(GOING_HOME_TODAY) == 1


def test_every_other_page_says_that_an_urgent_one_waits(people):
    fill(people, PAGE + 5)
    browser = people.client(people.office)
    assert "?topic=urgent" not in page_text(browser, "/office/?topic=lost")
    submit(people, Topic.URGENT, "The gate is open")
    more = re.search(r"after=[\d.]+", page_text(browser, "/office/"))[0]
    for path in (f"/office/?{more}", "/office/?topic=lost", "/office/?q=Number", "/office/?whose=mine"):
        assert page_text(browser, path).count('<a href="?topic=urgent">') == 1
    assert '<a href="?topic=urgent">' not in page_text(browser, "/office/")


def test_the_next_page_keeps_filter_and_words_whatever_arrives(people):
    rows = fill(people, PAGE + 5)
    browser = people.client(people.office)
    page = page_text(browser, "/office/?topic=other&whose=free&q=number")
    following = re.search(r'href="(\?[^"]*after=[\d.]+)"', page)[1].replace("&amp;", "&")
    assert "topic=other" in following and "whose=free" in following and "q=number" in following
    submit(people, said="Number of the bus?")
    listed = re.findall(r'<a href="/office/(\d+)/"><b>', page_text(browser, "/office/" + following))
    assert listed == [str(row.pk) for row in reversed(rows[:5])]


@pytest.mark.parametrize(
    "words", ["mali", "Bowen MALI", "nia", "hat", "mali hat", "{reference}", "{plain}", "spoke"]
)
def test_the_office_finds_an_enquiry_by_reference_name_or_words(people, words):
    enquiry, other = submit(people, said="A red hât"), fill(people, 1)[0]
    office = people.actor(people.office)
    note_on_enquiry(enquiry, body="Spoke to her.", by=office, at=NOW, key=key())
    close_enquiry(enquiry, by=office, at=NOW)
    words = words.format(reference=enquiry.reference.lower(), plain="".join(enquiry.reference.split()))
    if words == "nia":
        Enquiry.objects.filter(pk=other.pk).update(parent=people.gareth)
    page = people.client(people.office).get("/office/", {"q": words}).content.decode()
    assert re.findall(r'<a href="/office/(\d+)/"><b>', page) == [str(enquiry.pk)]


@pytest.mark.parametrize("words", ["%", "_", "\\", "mali coat", "red'; --", "x" * 90, "{item}"])
def test_other_words_find_nothing_and_break_nothing(people, words):
    enquiry = submit(people, Topic.LOST, "A red hat", facts={"item": "hat"})
    page = people.client(people.office).get("/office/", {"q": words})
    listed = f'<a href="/office/{enquiry.pk}/"' in page.content.decode()
    assert page.status_code == 200 and listed is (words == "x" * 90)


@pytest.mark.policy("PA-7")
def test_the_search_finds_no_complaint_about_the_head(people):
    make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True, job="Governor")
    sealed = submit(people, Topic.COMPLAINT, "She laughed", about="head")
    plain = submit(people, Topic.COMPLAINT, "They laughed", about="school")
    for who in (people.office, people.deputy):
        page = people.client(who).get("/office/", {"q": "laughed"}).content.decode()
        assert f"/office/{plain.pk}/" in page and f"/office/{sealed.pk}/" not in page


def test_taking_it_on_its_page_stays_there(people):
    enquiry, browser = submit(people), people.client(people.office)
    assert 'name="stay"' in page_text(browser, f"/office/{enquiry.pk}/")
    assert browser.post(f"/office/{enquiry.pk}/take/", {"stay": "1"}).url == f"/office/{enquiry.pk}/"
    assert browser.post(f"/office/{enquiry.pk}/take/").url == "/office/"
