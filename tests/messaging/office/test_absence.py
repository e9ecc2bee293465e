import csv
import io
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models.notifications import Notification
from malpas.lib.csv_lines import neutral_cell
from messaging.enums import DayPart
from messaging.models.absences import Absence
from messaging.models.enquiries import Enquiry
from messaging.office.rules.enquiries import covers
from messaging.office.services.enquiries import NotYourChild, submit_enquiry
from tests.clock import at
from tests.people import key
from tests.sentences.messaging import (
    ABSENCE_TOO_FAR_AHEAD,
    ABSENCE_TOO_LONG_AGO,
    BACK_BEFORE_FIRST_DAY,
    CHILD_NOT_CHOSEN,
    CHILD_OF_ANOTHER_FAMILY,
    CHOICE_MISSING,
    DAY_BACK_MISSING,
    DAY_BACK_NOT_CHOSEN,
    DAY_TOO_FAR_AHEAD,
    DAY_UNREADABLE,
    FIRST_DAY_MISSING,
    FIRST_DAY_NOT_CHOSEN,
    NO_SCHOOL_ON_DAY,
    OFFICE_IS_INFORMED,
    PART_OF_DAY_NOT_CHOSEN,
    REASON_NOT_CHOSEN,
)

ADDRESS = "/write/absence/"


def answers(people, **changed) -> dict[str, object]:
    data = {
        "children": [people.mali.pk],
        "first": "2026-11-10",
        "part": "whole",
        "reason": "ill",
        "symptom": "fever",
        "back": "unknown",
        "phone": "07700 900142",
        "note": "",
        "key": key(),
        "confirm": "1",
    }
    return {name: value for name, value in (data | changed).items() if value is not None}


def submit_absence(people, browser=None, **changed):
    browser = browser or people.client(people.nia)
    return browser.post(ADDRESS, answers(people, **changed), follow=True)


@pytest.mark.policy("PA-13")
@pytest.mark.policy("PA-7")
def test_an_absence_reported_at_0715_is_on_the_list_at_0715(people, clock):
    clock.set("2026-11-10 07:15")
    page = submit_absence(people)
    assert page.status_code == 200 and OFFICE_IS_INFORMED in page.content.decode()
    sheet = people.client(people.office).get("/office/").content.decode()
    assert "Mali Bowen" in sheet and "Temperature or cold" in sheet and "07700 900142" in sheet


@pytest.mark.policy("PA-13")
def test_the_offices_notification_waits_and_names_no_reason(people, clock):
    clock.set("2026-11-10 07:15")
    submit_absence(people, symptom="rash", note="A rash since Sunday")
    notice = Notification.objects.get()
    assert (notice.recipient, notice.release_at) == (people.office.user, at("2026-11-10 08:30"))
    assert "rash" not in (notice.title + notice.body).lower()


def test_the_page_says_that_the_report_counts_at_once(people, clock):
    clock.set("2026-11-13 20:00")
    page = people.client(people.nia).get(ADDRESS).content.decode()
    assert page.index("straight away") < page.index("<form class=")
    assert "from Monday 08:30" in page and "Monday 16 November" in page


def test_one_form_reports_several_children(people):
    submit_absence(people, people.client(people.sioned), children=[people.efa.pk, people.tomos.pk])
    assert set(Enquiry.objects.get().pupils.all()) == {people.efa, people.tomos}
    sheet = people.client(people.office).get("/office/").content.decode()
    assert (
        sheet.index("Celyn") < sheet.index("Efa Price") < sheet.index("Derwen") < sheet.index("Tomos Price")
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"back": "date", "back_date": "2026-11-09"}, BACK_BEFORE_FIRST_DAY),
        ({"back": "date", "back_date": "2026-11-10"}, BACK_BEFORE_FIRST_DAY),
        ({"first": "other", "first_date": "2026-11-15"}, NO_SCHOOL_ON_DAY % {"day": "Sunday 15 November"}),
        ({"first": "2026-11-15"}, NO_SCHOOL_ON_DAY % {"day": "Sunday 15 November"}),
        ({"first": "other", "first_date": "2026-10-27"}, NO_SCHOOL_ON_DAY % {"day": "Tuesday 27 October"}),
        ({"first": "other", "first_date": "2026-11-25"}, ABSENCE_TOO_FAR_AHEAD),
        ({"first": "other", "first_date": "2036-11-10"}, ABSENCE_TOO_FAR_AHEAD),
        ({"first": "other", "first_date": "2026-09-10"}, ABSENCE_TOO_LONG_AGO),
        ({"first": "other", "first_date": "0001-01-01"}, ABSENCE_TOO_LONG_AGO),
        ({"first": "other", "first_date": "9999-12-31"}, ABSENCE_TOO_FAR_AHEAD),
        ({"first": "other", "first_date": "soon"}, DAY_UNREADABLE),
        ({"first": "other"}, FIRST_DAY_MISSING),
        ({"first": None}, FIRST_DAY_NOT_CHOSEN),
        ({"first": "\x00"}, FIRST_DAY_NOT_CHOSEN),
        ({"back": "date", "back_date": "2036-11-11"}, DAY_TOO_FAR_AHEAD),
        ({"back": "date", "back_date": "2026-11-14"}, NO_SCHOOL_ON_DAY % {"day": "Saturday 14 November"}),
        ({"back": "date"}, DAY_BACK_MISSING),
        ({"back": None}, DAY_BACK_NOT_CHOSEN),
        ({"children": None}, CHILD_NOT_CHOSEN),
        ({"reason": None}, REASON_NOT_CHOSEN),
        ({"symptom": None}, "Rather not say"),
        ({"symptom": "plague"}, CHOICE_MISSING),
        ({"part": "night"}, PART_OF_DAY_NOT_CHOSEN),
        ({"note": "x" * 6000}, "5,000 letters"),
    ],
)
def test_each_wrong_answer_is_explained_and_no_text_is_lost(people, changed, sentence):
    page = submit_absence(people, **({"note": "Her words stay"} | changed))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert changed.get("note", "Her words stay")[:14] in page.content.decode()
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("child", ["rhys", "efa", "0", "x", "9" * 40, "-1"])
def test_a19_nobody_reports_for_another_familys_child(people, child):
    pk = getattr(people, child).pk if child.isalpha() and child != "x" else child
    page = submit_absence(people, children=[pk])
    assert page.status_code == 422 and CHILD_OF_ANOTHER_FAMILY in page.content.decode()
    assert not Enquiry.objects.exists()


def test_the_service_itself_refuses_another_familys_child(people):
    for who in (people.dylan, people.kai, people.celyn):
        with pytest.raises(NotYourChild):
            submit_enquiry(
                topic="lost",
                pupils=[people.mali],
                by=people.actor(who),
                at=at("2026-11-10 10:00"),
                key=uuid4(),
                body="A coat",
            )
    assert not Enquiry.objects.exists()


def test_only_a_tummy_upset_brings_the_48_hours(people):
    assert "48 hours" in submit_absence(people, symptom="tummy").content.decode()
    assert "48 hours" not in submit_absence(people, symptom="rash").content.decode()
    assert "48 hours" not in submit_absence(people, reason="other", symptom="tummy").content.decode()
    assert list(Absence.objects.order_by("pk").values_list("symptom", flat=True)) == ["tummy", "rash", ""]


def test_a_repeated_request_is_one_absence(people):
    data = answers(people)
    nia = people.client(people.nia)
    assert nia.post(ADDRESS, data).url == nia.post(ADDRESS, data).url
    assert Enquiry.objects.count() == Absence.objects.count() == 1


def test_the_database_refuses_a_day_back_before_the_first_day(people):
    submit_absence(people)
    with pytest.raises(IntegrityError, match="absence_back_after_first_day"), transaction.atomic():
        Absence.objects.update(back_on="2026-11-09")


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        ({}, {10, 11, 12, 23}),
        ({"part": DayPart.MORNING}, {10}),
        ({"back_on": at("2026-11-12 00:00").date()}, {10, 11}),
        ({"back_on": at("2026-11-12 00:00").date(), "part": DayPart.AFTERNOON}, {10, 11}),
    ],
)
def test_an_absence_covers_its_days(changed, days):
    absence = Absence(first_day=at("2026-11-10 00:00").date(), **changed)
    tried = {9, 10, 11, 12, 23, 24} if not changed else {9, 10, 11, 12}
    assert {day for day in tried if covers(absence, at(f"2026-11-{day:02} 00:00").date())} == days


def test_the_sheet_lists_who_is_away_by_the_last_report(people, clock):
    submit_absence(people, back="date", back_date="2026-11-12")
    office = people.client(people.office)

    def reasons() -> list[str]:
        rows = csv.DictReader(io.StringIO(office.get("/office/absences.csv").content.decode("utf-8-sig")))
        return [row["Reason"] for row in rows]

    assert reasons() == ["Ill: Temperature or cold"]
    submit_absence(people, reason="other", symptom=None, back="date", back_date="2026-11-12")
    assert reasons() == ["Something else"]
    clock.set("2026-11-12 09:15")
    office = people.client(people.office)
    assert reasons() == []


def test_a44_no_cell_of_the_download_is_a_formula(people):
    submit_absence(people, note='=HYPERLINK("http://evil.example")', phone="+44 7700 900142")
    reply = people.client(people.office).get("/office/absences.csv")
    assert reply["Content-Disposition"] == 'attachment; filename="absences-2026-11-10.csv"'
    row = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))[1]
    assert row[:3] == ["10/11/2026", "Celyn", "Mali Bowen"]
    assert "07700 900142" in row and '\'=HYPERLINK("http://evil.example")' in row
    assert not [cell for cell in row if cell[:1] in "=+-@" and cell]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_would_be_a_formula_gets_an_apostrophe(sign):
    assert neutral_cell(f"{sign}1") == f"'{sign}1" and neutral_cell("a=1") == "a=1"
