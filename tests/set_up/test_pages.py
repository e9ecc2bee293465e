"""The first leader is led through setting up, and may leave and come back (AU-8, PA-3, PU-1, DO-1)."""

from datetime import date, time

import pytest

from accounts.calendar.services import LastDay, keep_hours
from accounts.models.audit import AuditEntry
from accounts.models.school import School, WorkingHours
from accounts.models.terms import TermsVersion
from accounts.terms.services import publish_terms
from malpas.set_up.steps import steps_for_page
from points.models import Behaviour
from tests.clock import at
from tests.sentences.accounts import (
    HOURS_END_BEFORE_THEY_BEGIN,
    LESSONS_OUTSIDE_WORK,
    ONE_DAY_HAS_SCHOOL,
    QUICK_ANSWERS_OUTSIDE_WORK,
    REPLIES_OUTSIDE_WORK,
    WELSH_UNTOUCHED,
)
from tests.sentences.points import BEHAVIOUR_THERE
from tests.sentences.reading import says

NAMES = {
    "name_en": "Nant Gwyn Primary School",
    "name_cy": "Ysgol Gynradd Nant Gwyn",
    "short_name_en": "Nant Gwyn",
    "short_name_cy": "Nant Gwyn",
    "office_phone": "01632 960115",
    "office_email": "office@school.example",
    "concerns_email": "concerns@school.example",
}
DAYS = {"dated": "2026-11-10", "review_by": "2028-11-10"}
BEHAVIOUR = {
    "name_en": "Tidy table",
    "name_cy": "Bwrdd taclus",
    "group": "kindness",
    "icon": "hand",
    "points": "2",
    "order": "3",
}


def state(name: str) -> tuple[bool, bool]:
    """(done, filled in and not looked at yet)"""
    step = next(step for step in steps_for_page(School.objects.here()) if step.name == name)
    return step.is_done, step.is_filled


def hours_sent(page) -> dict:
    """What the page sends when nothing is changed on it: one press."""
    form = page.context["form"]
    return {field.html_name: field.value() for field in form} | {"weekdays": form["weekdays"].value()}


# -- names
@pytest.mark.policy("AU-8")
def test_names_are_entered_on_one_page(head):
    assert state("names") == (False, False)
    assert head.post("/set-up/names/", NAMES).url == "/set-up/"
    assert state("names") == (True, False)
    assert School.objects.here().office_phone == "01632 960115"
    assert AuditEntry.objects.get(verb="school.named").detail["fields"] == sorted(NAMES)


def test_a_wrong_address_loses_nothing_that_was_typed(head):
    answer = head.post("/set-up/names/", NAMES | {"concerns_email": "concerns"})
    assert answer.status_code == 422 and "Nant Gwyn Primary School" in answer.content.decode()
    assert not School.objects.here().is_named


def test_saving_names_leaves_other_settings_alone(head):
    School.objects.update(messages_an_hour=7)
    head.post("/set-up/names/", NAMES)
    assert School.objects.here().messages_an_hour == 7


# -- hours
def test_the_policys_hours_are_confirmed_as_they_are(head):
    assert state("hours") == (True, True)
    assert head.post("/set-up/hours/", hours_sent(head.get("/set-up/hours/"))).url == "/set-up/"
    assert state("hours") == (True, False)
    assert [row.weekday for row in WorkingHours.objects.all()] == [0, 1, 2, 3, 4]
    assert WorkingHours.objects.filter(working_start=time(8, 30), reply_end=time(16, 30)).count() == 5


def test_other_hours_hold_for_every_chosen_day(head):
    sent = hours_sent(head.get("/set-up/hours/")) | {"working_end": "18:00", "weekdays": ["0", "1"]}
    head.post("/set-up/hours/", sent)
    assert [(row.weekday, row.working_end) for row in WorkingHours.objects.all()] == [
        (0, time(18)),
        (1, time(18)),
    ]


@pytest.mark.parametrize(
    "wrong", [{"working_end": "08:00"}, {"teaching_end": "17:30"}, {"weekdays": []}, {"reply_start": "x"}]
)
def test_impossible_hours_are_refused_and_nothing_changes(head, wrong):
    sent = hours_sent(head.get("/set-up/hours/")) | wrong
    assert head.post("/set-up/hours/", sent).status_code == 422
    assert WorkingHours.objects.filter(working_end=time(17)).count() == 5


def test_days_with_hours_of_their_own_are_not_made_alike(head):
    WorkingHours.objects.filter(weekday=4).update(teaching_end=time(14))
    page = head.post("/set-up/hours/", {})
    assert "form" not in page.context and page.status_code == 200
    assert WorkingHours.objects.get(weekday=4).teaching_end == time(14)


FRIDAY = "/set-up/hours/4/"


def friday_sent(browser, **more) -> dict:
    form = browser.get(FRIDAY).context["form"]
    return {field.html_name: field.value() or "" for field in form} | more


@pytest.mark.policy("TE-5", "PA-12")
def test_friday_ends_at_one_and_the_other_days_stay(head):
    assert head.post(FRIDAY, friday_sent(head, ends_at="13:00")).url == "/set-up/hours/"
    friday = WorkingHours.objects.get(weekday=4)
    ends = {friday.working_end, friday.reply_end, friday.arrival_end, friday.teaching_end}
    assert ends == {time(13)} and friday.teaching_start == time(9)
    assert WorkingHours.objects.filter(working_end=time(17)).count() == 4
    assert len(head.get("/set-up/hours/").context["days"]) == 7


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"ends_at": "08:45"}, HOURS_END_BEFORE_THEY_BEGIN),
        ({"reply_end": "18:00"}, REPLIES_OUTSIDE_WORK),
        ({"teaching_start": "08:00"}, LESSONS_OUTSIDE_WORK),
        ({"arrival_end": "23:00"}, QUICK_ANSWERS_OUTSIDE_WORK),
    ],
)
def test_hours_of_a_day_keep_the_policys_order(head, wrong, sentence):
    answer = head.post(FRIDAY, friday_sent(head, **wrong))
    assert answer.status_code == 422 and says(answer.content.decode(), sentence)
    assert WorkingHours.objects.filter(working_end=time(17), reply_end=time(16, 30)).count() == 5


def test_a_day_without_school_and_one_on_saturday(head):
    head.post(FRIDAY, {"no_school": "on"})
    head.post("/set-up/hours/5/", friday_sent(head))
    assert [row.weekday for row in WorkingHours.objects.all()] == [0, 1, 2, 3, 5]
    assert head.get("/set-up/hours/7/").status_code == 404


def test_the_last_day_with_school_stays(head):
    WorkingHours.objects.exclude(weekday=4).delete()
    answer = head.post(FRIDAY, {"no_school": "on"}, follow=True).content.decode()
    assert says(answer, ONE_DAY_HAS_SCHOOL) and WorkingHours.objects.filter(weekday=4).exists()


def test_the_last_day_stays_in_the_records_and_at_the_service(people):
    head, office = people.client(people.head), people.client(people.office)
    friday = WorkingHours.objects.get(weekday=4)
    path = f"/admin/accounts/workinghours/{friday.pk}/delete/"
    with pytest.raises(LastDay):
        keep_hours({}, [], by=people.actor(people.head))
    WorkingHours.objects.exclude(weekday=4).delete()
    for browser in (head, office):
        assert browser.post(path, {"post": "yes"}).status_code == 403
    assert WorkingHours.objects.get() == friday


def test_all_days_are_made_alike_only_when_asked(head):
    WorkingHours.objects.filter(weekday=4).update(teaching_end=time(14))
    page = head.get("/set-up/hours/?alike=on")
    assert head.post("/set-up/hours/?alike=on", hours_sent(page)).url == "/set-up/"
    assert WorkingHours.objects.filter(teaching_end=time(15, 30)).count() == 5


# -- terms
@pytest.mark.policy("PA-3", "DO-1")
def test_terms_begin_with_a_text_and_are_published_here(head):
    form = head.get("/set-up/terms/").context["form"]
    assert form["review_by"].value() == date(2028, 11, 10)
    texts = {"body_en": form["body_en"].value(), "body_cy": form["body_cy"].value()}
    assert head.post("/set-up/terms/", texts | DAYS).url == "/set-up/terms/publish/"
    assert state("terms") == (False, False)
    page = head.get("/set-up/terms/publish/").content.decode()
    assert "08:30 to 17:00" in page and "08:30 tan 17:00" in page
    assert head.post("/set-up/terms/publish/").url == "/set-up/"
    assert TermsVersion.objects.get().published_at == at("2026-11-10 10:00")
    assert head.get("/set-up/").url == "/terms/agree/"


def test_a_draft_is_found_again_as_it_was_left(head):
    head.post("/set-up/terms/", {"body_en": "Be kind.", "body_cy": "Byddwch yn garedig."} | DAYS)
    assert head.get("/set-up/terms/").context["form"]["body_en"].value() == "Be kind."
    head.post("/set-up/terms/", {"body_en": "Be kinder.", "body_cy": "Byddwch yn garedig."} | DAYS)
    assert [row.body_en for row in TermsVersion.objects.all()] == ["Be kinder."]
    fresh = head.get("/set-up/terms/?fresh=on").context["form"]["body_en"].value()
    assert "08:30 to 17:00" in fresh and TermsVersion.objects.get().body_en == "Be kinder."


def draft(people, **words) -> TermsVersion:
    texts = {"body_en": "Be kind.", "body_cy": "Byddwch yn garedig."} | words
    return TermsVersion.objects.create(
        number=2, dated=date(2026, 11, 9), review_by=date(2028, 11, 9), **texts
    )


@pytest.mark.policy("PA-3")
@pytest.mark.parametrize("path", ["/set-up/terms/publish/", "/admin/accounts/termsversion/{}/preview/"])
def test_an_untouched_welsh_is_asked_about(people, path):
    made, head = draft(people, body_en="Be kind, always."), people.client(people.head)
    path = path.format(made.pk)
    for sent in ({}, {"untouched": "en"}, {"untouched": "x"}):
        answer = head.post(path, sent)
        assert answer.status_code in (409, 422), sent
        made.refresh_from_db()
        assert made.published_at is None
    assert says(head.post(path).content.decode(), WELSH_UNTOUCHED)
    assert head.post(path, {"untouched": "cy"}).status_code == 302
    made.refresh_from_db()
    assert made.published_at


@pytest.mark.parametrize(
    "words",
    [
        {"body_en": "Be kind, always.", "body_cy": "Byddwch yn garedig bob amser."},
        {},
        {"body_en": "Be  kind.\n"},
    ],
)
def test_both_or_neither_changed_asks_nothing(people, words):
    made = draft(people, **words)
    publish_terms(made, by=people.actor(people.head), at=at("2026-11-10 10:00"))
    made.refresh_from_db()
    assert made.published_at


# -- behaviours
@pytest.mark.policy("PU-1")
def test_behaviours_are_kept_added_renamed_and_retired(head):
    assert state("behaviours") == (True, True)
    head.post("/set-up/behaviours/")
    assert state("behaviours") == (True, False)
    head.post("/set-up/behaviours/new/", BEHAVIOUR)
    made = Behaviour.objects.get(name_en="Tidy table")
    head.post(f"/set-up/behaviours/{made.pk}/", BEHAVIOUR | {"name_en": "Tidy desk", "retired": "on"})
    made.refresh_from_db()
    assert made.name_en == "Tidy desk" and made.retired_at == at("2026-11-10 10:00")


def test_a_behaviour_sent_twice_is_there_once(head):
    head.post("/set-up/behaviours/new/", BEHAVIOUR)
    answer = head.post("/set-up/behaviours/new/", BEHAVIOUR)
    assert answer.status_code == 422 and says(answer.content.decode(), BEHAVIOUR_THERE)
    assert Behaviour.objects.filter(name_en="Tidy table").count() == 1


# -- whose pages these are
def test_each_step_is_on_the_page_with_its_state(head):
    page = head.get("/set-up/").content.decode()
    for step in steps_for_page(School.objects.here()):
        assert step.url in page and head.get(step.url).status_code == 200, step
    assert 'href="/set-up/"' in head.get("/").content.decode()
