"""Test the admin pages of senior leaders (TE-7, PA-9, AU-11)."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models.audit import AuditEntry
from messaging.models.conversations import Message
from moderation.models import Decision, Report
from tests.moderation import scene
from tests.people import note_device
from tests.sentences.moderation import (
    CHILDREN_CLOSE,
    DEVICES_SIGNED_OUT,
    END_ACCESS,
    HIDE_IT,
    OTHER_REPORTS,
    WARNING_COMES_FIRST,
)
from tests.sentences.reading import says
from tests.triggers import without_triggers

LIST = "/admin/moderation/report/"


def page(made: Report) -> str:
    return f"{LIST}{made.pk}/change/"


def act(made: Report, verb: str) -> str:
    return reverse("admin:moderation_report_decide", args=[made.pk, verb])


@pytest.mark.policy("TE-7")
def test_the_leader_sees_the_snapshot_and_opening_is_recorded(people):
    made = scene.report(people, note="<i>Again</i>")
    with without_triggers():
        Message.objects.filter(pk=made.message_id).update(body="Changed.")
    text = people.client(people.deputy).get(page(made)).text
    assert "You people are &lt;b&gt;useless&lt;/b&gt;." in text and "<b>useless" not in text
    assert "&lt;i&gt;Again&lt;/i&gt;" in text and "Changed." not in text
    assert AuditEntry.objects.filter(verb="report.opened", staff=people.deputy).count() == 1


def opened(people) -> int:
    return AuditEntry.objects.filter(verb="report.opened", staff=people.deputy).count()


@pytest.mark.policy("TE-7")
@pytest.mark.parametrize("search", ["", "?q=useless", "?q=Again"])
def test_the_list_shows_no_words_and_opens_nothing(people, search):
    made = scene.report(people, note="Again and again")
    scene.report(people, scene.post(people, body="Boxes"), by=people.actor(people.nia))
    text = people.client(people.head).get(LIST + search).text
    assert "useless" in people.client(people.head).get(page(made)).text  # the words are there to be shown
    assert text.count(f"/report/{made.pk}/change/") == (0 if search else 1)
    for words in ("useless<", "useless.", "Again and", "Boxes"):
        assert words not in text, words
    assert search or ("Celyn" in text and people.nia.name in text)
    assert opened(people) == 0


def test_the_list_reads_no_words_from_the_database(people):
    scene.report(people, note="Again")
    with CaptureQueriesContext(connection) as questions:
        people.client(people.deputy).get(LIST)
    columns = [
        each["sql"].partition(" FROM ")[0] for each in questions if '"moderation_report"' in each["sql"]
    ]
    assert columns and not any('"note"' in each or '"snapshot",' in each for each in columns)


@pytest.mark.policy("TE-7")
def test_each_page_that_shows_the_words_is_one_entry(people):
    made, browser = scene.report(people), people.client(people.deputy)
    for number in (1, 2):
        assert "useless" in browser.get(page(made)).text
        assert opened(people) == number
    answer = browser.post(act(made, "warn"), {"key": uuid4()})
    assert (answer.status_code, opened(people)) == (422, 3) and "useless" in answer.text


@pytest.mark.policy("TE-7")
def test_only_senior_leaders_reach_it(people):
    made = scene.report(people)
    assert people.client(people.deputy).get(page(made)).status_code == 200
    for who in (people.office, people.nia, people.celyn, people.dylan, people.mali):
        browser = people.client(who)
        for address in (LIST, page(made)):
            assert browser.get(address).status_code in {302, 403, 404}
        assert browser.post(act(made, "close"), {"key": uuid4()}).status_code in {302, 403, 404}
    assert not Decision.objects.exists()


@pytest.mark.policy("AU-11")
def test_the_deputy_finds_no_report_about_staff(people):
    answer = scene.say(people, staff=people.adeyemi)
    made = scene.report(people, answer, by=people.actor(people.nia))
    head, deputy = people.client(people.head), people.client(people.deputy)
    assert "Mr Adeyemi" in head.get(LIST).text and "Mr Adeyemi" not in deputy.get(LIST).text
    assert (head.get(page(made)).status_code, deputy.get(page(made)).status_code) == (200, 404)
    assert deputy.post(act(made, "hide"), {"key": uuid4()}).status_code == 404
    assert head.post(act(made, "warn"), {"key": uuid4()}).status_code == 404
    head.post(act(made, "close"), {"key": uuid4(), "reason": "Spoken to."})
    decision = Decision.objects.get()
    decisions = "/admin/moderation/decision/"
    assert head.get(f"{decisions}{decision.pk}/change/").status_code == 200
    assert deputy.get(f"{decisions}{decision.pk}/change/").status_code == 404


def test_risk_and_what_is_undecided_stand_first(people):
    rude, spam, risk = (
        scene.report(people, scene.say(people, body=category), category=category)
        for category in ("rude", "spam", "risk")
    )
    scene.decide("close", rude, by=people.actor(people.head))
    text = people.client(people.deputy).get(LIST).text
    positions = [text.index(f"/report/{made.pk}/change/") for made in (risk, spam, rude)]
    assert positions == sorted(positions)


def test_the_list_has_as_many_queries_for_one_as_for_three(people):
    browser, counts = people.client(people.deputy), []
    browser.get(LIST)
    for rows in (1, 3):
        while Report.objects.count() < rows:
            scene.report(people)
        with CaptureQueriesContext(
            connection,
        ) as questions:
            assert browser.get(LIST).text.count("Mrs Pritchard") == rows
        counts.append(len(questions))
    assert counts[0] == counts[1]


@pytest.mark.policy("PA-9")
def test_the_whole_ladder_is_climbed_from_the_page(people):
    browser, made = people.client(people.deputy), scene.report(people)
    browser.post(act(made, "hide"), {"key": uuid4(), "confirmed": "on"})
    browser.post(act(made, "warn"), {"key": uuid4(), "clause": "AU-1", "reason": "Be kind."})
    second = scene.report(people, scene.say(people, body="Still useless."))
    text = browser.get(page(second)).text
    assert "Nia Bowen has had 1 warning." in " ".join(text.split())
    assert (
        browser.post(
            act(second, "remove"), {"key": uuid4(), "reason": "It went on.", "confirmed": "on"}
        ).status_code
        == 302
    )
    people.nia.refresh_from_db()
    assert people.nia.removed_at is not None
    removal = Decision.objects.get(kind="removal")
    where = f"/admin/moderation/decision/{removal.pk}/"
    assert "Give access again" in browser.get(f"{where}change/").text
    browser.post(f"{where}lift/", {"key": uuid4()})
    people.nia.refresh_from_db()
    assert people.nia.removed_at is None


@pytest.mark.policy("PA-9")
def test_a_refused_removal_loses_no_word_and_says_why(people):
    made = scene.report(people)
    answer = people.client(people.deputy).post(
        act(made, "remove"), {"key": uuid4(), "reason": "A long reason.", "confirmed": "on"}
    )
    assert answer.status_code == 422
    assert says(answer.text, WARNING_COMES_FIRST) and "A long reason." in answer.text
    people.nia.refresh_from_db()
    assert people.nia.removed_at is None


def test_a_form_with_gaps_loses_nothing_either(people):
    made = scene.report(people)
    answer = people.client(people.deputy).post(act(made, "warn"), {"key": uuid4(), "reason": "A long story."})
    assert answer.status_code == 422
    assert "choose the rule" in answer.text and "A long story." in answer.text


def test_nothing_changes_by_reading(people):
    made = scene.report(people)
    browser = people.client(people.deputy)
    for verb in ("hide", "warn", "remove", "close"):
        assert browser.get(act(made, verb)).url == f"/admin/moderation/report/{made.pk}/change/"
    assert browser.post(act(made, "delete"), {"key": uuid4()}).status_code == 404
    assert not Decision.objects.exists()


def test_a25_decisions_and_reports_have_no_change_or_delete_page(people):
    made, decision = scene.report(people), scene.warn(people)
    browser = people.client(people.head)
    for address in (
        f"{LIST}{made.pk}/delete/",
        f"/admin/moderation/decision/{decision.pk}/delete/",
        f"{LIST}add/",
        "/admin/moderation/decision/add/",
    ):
        assert browser.get(address).status_code == 403
    assert browser.post(page(made), {"reason": "x"}).status_code == 405
    assert Decision.objects.get().reason == decision.reason


def test_a_report_that_does_not_exist_is_404(people):
    browser = people.client(people.head)
    for wrong in ("999999", "abc", "1_2F", "9" * 40):
        assert browser.get(f"{LIST}{wrong}/change/").status_code == 404


def test_no_button_that_ends_something_is_drawn_as_the_first(people):
    text = people.client(people.deputy).get(page(scene.report(people))).text
    ends = [
        re.search(rf'<input type="submit"([^>]*)value="{words}"', text)[1] for words in (END_ACCESS, HIDE_IT)
    ]
    assert all('class="deletelink"' in each for each in ends)


@pytest.mark.policy("AU-12")
def test_hiding_leaves_the_report_to_be_decided(people):
    made, browser = scene.report(people), people.client(people.deputy)
    browser.post(act(made, "hide"), {"key": uuid4(), "confirmed": "on"})
    made.refresh_from_db()
    assert Decision.objects.get().kind == "hide" and made.closed_at is None
    assert END_ACCESS in browser.get(page(made)).text and HIDE_IT not in browser.get(page(made)).text


@pytest.mark.policy("PA-9")
def test_hiding_and_removing_say_in_numbers_what_ends_and_ask(people):
    made = scene.report(people)
    scene.report(people, scene.say(people, body="Again."))
    browser = people.client(people.deputy)
    note_device(people.client(people.nia), people.nia)
    asked = browser.post(
        act(made, "remove"), {"key": uuid4(), "reason": "It went on.", "serious_breach": "on"}
    )
    assert asked.status_code == 200 and not Decision.objects.exists()
    assert says(asked.text, DEVICES_SIGNED_OUT, number=1) and says(asked.text, CHILDREN_CLOSE, number=1)
    assert says(asked.text, OTHER_REPORTS, number=1)
    sent = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', asked.text.split("content-main")[1])
    )
    assert sent["reason"] == "It went on." and browser.get("/").status_code == 200
    assert browser.post(act(made, "remove"), sent).status_code == 302
    assert Decision.objects.get().serious_breach
    other = Report.objects.exclude(pk=made.pk).get()
    assert browser.post(act(other, "hide"), {"key": uuid4()}).status_code == 200
    assert Decision.objects.count() == 1
