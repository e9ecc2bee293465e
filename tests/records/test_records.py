"""Check that leaders read in words what was done.

By whom, from which value to which.
"""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.audit import record
from accounts.calendar.days import close_school
from accounts.models.audit import AuditEntry
from accounts.models.school import Closure
from classes.models.guardianships import Guardianship
from classes.people.services import correct_pupil
from malpas.records.counts import COUNTED, DAYS_LATE, HOURS_LATE, LATE, numbers_of
from malpas.records.lines import fold, words_of
from malpas.records.queries import LINES, Wanted, acts
from malpas.records.sentences import SENTENCES
from moderation.services.reports import mark_opened
from tests.accounts.test_admin_saves import filled
from tests.clock import at
from tests.moderation import scene
from tests.sentences.portal import DAYS_ADDED, LATER_MANY, LATER_ONE
from tests.structure.world import make_world

NOW = "2026-11-10 10:00"


@pytest.fixture
def head(people, clock):
    clock.set(NOW)
    return people.client(people.head)


def lines(people, reader=None, **wanted):
    return acts(people.actor(reader or people.head), Wanted(**wanted))[0]


def said_of(people, **wanted) -> str:
    return "\n".join(f"{line.who} {line.words} {line.values}" for line in lines(people, **wanted))


def correct(people, **values):
    by = people.actor(people.office)
    correct_pupil(pupil=people.mali, values=values, by=by, at=at(NOW))


def test_a_correction_shows_names_old_and_new_values(people, head):
    correct(people, legal_surname="Bowen-Hughes")
    page = head.get("/records/").content.decode()
    assert "Bowen → Bowen-Hughes" in page and "Mali Bowen-Hughes" in page and "Mrs Lewis" in page
    assert "pupil.corrected" not in page and f"pupil:{people.mali.pk}" not in page


def test_each_of_two_corrections_has_its_own_values(people, clock):
    for hour, name in ((8, "Marged"), (9, "Mari")):
        clock.set(f"2026-11-10 0{hour}:00")
        correct(people, preferred_forename=name)
        people.mali.refresh_from_db()
    newer, older = (line.values for line in lines(people, kind="people"))
    assert "Marged → Mari" in newer[0] and "Mali → Marged" in older[0]


def test_a_change_of_roles_says_nothing_of_what_was_neither_given_nor_taken(people, clock):
    by = people.actor(people.head)
    for hour, (given, taken) in ((8, (["is_slt"], [])), (9, ([], ["is_slt"]))):
        clock.set(f"2026-11-10 {hour:02}:00")
        record("roles.changed", by=by, about=people.pritchard, given=given, taken=taken)
    taken, given = (line.words for line in lines(people))
    assert "given" in given and "taken" not in given and "–" not in given
    assert "taken" in taken and "given" not in taken


def test_closing_school_shows_its_days(people, head):
    day = date(2026, 11, 11)
    by = people.actor(people.head)
    close_school(name="Snow", name_cy="Eira", first=day, last=day, closes_at=None, by=by)
    said = said_of(people, kind="school")
    assert DAYS_ADDED % {"what": "Days without school", "value": "School closed 11 November 2026"} in said
    assert "→" not in said


def test_a_number_is_said_in_words_and_none_is_not_said(people, head):
    by = people.actor(people.head)
    for moved in (0, 1, 12):
        record("calendar.changed", by=by, why="closed", moved=moved, changed={})
    twelve, one, none = (line.values for line in lines(people, kind="school"))
    assert none == [] and one == [LATER_ONE % {"number": 1}] and twelve == [LATER_MANY % {"number": 12}]


def test_numbers_inside_a_roster_and_in_lists_are_said(people, head):
    by = people.actor(people.head)
    counts = {"pupils": 3, "contacts": 0}
    record("roster.imported", by=by, new=counts, changed={"pupils": 0, "contacts": 1}, missing=0)
    record("points.awarded", by=by, pupils=[people.mali.pk, people.tomos.pk])
    points, roster = (line.values for line in lines(people))
    assert len(points) == 1 and points[0].startswith("2 ")
    assert [value[:2] for value in roster] == ["3 ", "1 "]


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, []), (1, ["1 "]), (119, ["119 "]), (120, ["2 "]), (4874, ["3 "])]
)
def test_a_delay_is_said_in_minutes_hours_or_days(people, minutes, said):
    entry = AuditEntry(verb="arrivals.announced_late", detail={"minutes": minutes})
    sentences = list(numbers_of(entry))
    assert [each.removeprefix("up to ")[: len(said[0])] for each in sentences] == said
    assert len({LATE % {"number": 2}, HOURS_LATE % {"number": 2}, DAYS_LATE % {"number": 2}}) == 3


def test_people_days_and_decisions_are_named_as_one_says_them(people, head):
    by = people.actor(people.head)
    made = scene.report(people)
    scene.warn(people, by=by, report=made)
    record(
        "guardianship.ended",
        by=by,
        about=Guardianship.objects.get(contact__user=people.nia, pupil=people.mali),
    )
    record("staff.end_planned", by=by, about=people.pritchard, day="2026-12-18")
    record("provider.connected", by=by, about=people.deputy.user, provider="google")
    words = said_of(people)
    assert "Nia Bowen (child: Mali Bowen)" in words and "18 December 2026" in words and "Google" in words
    assert "gave Nia Bowen a warning" in words and "2026-12-18" not in words


def test_every_sentence_reads_well_without_any_detail(people):
    for verb in SENTENCES:
        entry = AuditEntry(verb=verb, about=f"classes.pupil:{people.mali.pk}")
        assert "%(" not in words_of(entry, {entry.about: "Mali Bowen"}), verb
        assert list(numbers_of(entry)) == []
    assert COUNTED.keys() <= SENTENCES.keys()


def test_what_is_gone_and_what_nobody_foresaw_is_shown_too(people, head):
    record("pupil.added", by=None, about=None)
    AuditEntry.objects.create(verb="egg.laid", about="hens.hen:7", detail={"reason": "Spring"})
    assert head.get("/records/").status_code == 200 and "Spring" in said_of(people)


def test_many_of_one_kind_are_one_line(people, head):
    by = people.actor(people.office)
    for _ in range(120):
        record("invitation.made", by=by, about=people.mali)
    record("card.ended", by=by, about=people.mali)
    assert [len(line.entries) for line in lines(people, kind="joining")] == [1, 120]
    assert "119" in head.get("/records/").content.decode()


def test_acts_far_apart_or_of_others_are_not_one_line(people, clock):
    for moment, who in (("08:00", "office"), ("09:30", "office"), ("09:40", "head")):
        clock.set(f"2026-11-10 {moment}")
        record("invitation.made", by=people.actor(getattr(people, who)), about=people.mali)
    assert len(fold(AuditEntry.objects.filter(verb="invitation.made"))) == 3


def test_it_is_found_by_person_child_kind_and_day(people, clock):
    clock.set("2026-11-09 10:00")
    record("pupil.added", by=people.actor(people.office), about=people.mali)
    clock.set(NOW)
    record("pin.set", by=people.actor(people.head), about=people.pritchard)
    assert [line.entries[0].verb for line in lines(people, by=people.office)] == ["pupil.added"]
    assert [line.entries[0].verb for line in lines(people, about="mali")] == ["pupil.added"]
    assert [line.entries[0].verb for line in lines(people, about="Pritchard", kind="staff")] == ["pin.set"]
    assert lines(people, about="Nobody of this name") == []
    yesterday = date(2026, 11, 9)
    assert [line.entries[0].verb for line in lines(people, last=yesterday, kind="people")] == ["pupil.added"]
    assert lines(people, first=yesterday + timedelta(days=1), kind="people") == []


def test_a_child_is_found_by_what_was_done_to_its_connections(people, clock):
    clock.set(NOW)
    connection_ = people.nia.contact.guardianships.get()
    record("guardianship.ended", by=people.actor(people.head), about=connection_)
    assert [line.entries[0].verb for line in lines(people, about="Mali")] == ["guardianship.ended"]


def test_pages_follow_each_other_without_gap_or_repeat(people, clock):
    clock.set(NOW)
    verbs = ["pin.set", "card.ended"]
    made = [record(verbs[n % 2], by=None, about=people.mali).pk for n in range(LINES * 2 + 7)]
    seen, before, actor = [], None, people.actor(people.head)
    for _page in range(9):
        found, last = acts(actor, Wanted(before=before))
        seen += [entry.pk for line in found for entry in line.entries if entry.verb in verbs]
        if last is None:
            break
        before = last.pk
    assert seen == made[::-1]


def test_the_address_of_the_next_page_shows_no_turn(people, head):
    for number in range(LINES + 9):
        record(["pin.set", "card.ended"][number % 2], by=None, about=people.mali)
    page = head.get("/records/").content.decode()
    assert "before=" in page
    assert not [
        turn for turn in AuditEntry.objects.values_list("turn", flat=True) if f"before={turn}" in page
    ]


@pytest.mark.parametrize(
    "query",
    ["before=9223372036854775808", "before=0", "before=x", "kind=eggs", "by=9223372036854775808", "by=x",
     "first=0001-01-01", "last=9999-12-31", "about=" + "x" * 300, "before=1&kind=people"],
)  # fmt: skip
def test_nonsense_is_taken_as_not_said(head, query):
    assert head.get(f"/records/?{query}").status_code == 200


def test_a_page_asks_no_more_for_many_lines_than_for_few(people, head):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            head.get("/records/")
        return len(asked)

    for number in range(4):
        record(["pin.set", "card.ended"][number % 2], by=people.actor(people.head), about=people.mali)
    few = queries()
    for number in range(40):
        record(["pin.set", "card.ended"][number % 2], by=people.actor(people.office), about=people.efa)
    assert queries() <= few


@pytest.mark.policy("AU-11", "PA-6")
def test_reports_are_for_the_head_and_pending_changes_for_nobody(people, clock):
    clock.set(NOW)
    AuditEntry.objects.create(verb="report.made", about="moderation.report:1")
    AuditEntry.objects.create(verb="message.withdrawn", about="messaging.message:1")
    AuditEntry.objects.create(verb="enquiry.taken", is_sealed=True)
    seen = {
        who: {line.entries[0].verb for line in lines(people, reader=getattr(people, who))}
        for who in ("head", "deputy")
    }
    assert "report.made" in seen["head"] and "report.made" not in seen["deputy"]
    assert not {"message.withdrawn", "enquiry.taken"} & (seen["head"] | seen["deputy"])


def test_a_message_is_named_by_its_child_and_never_by_its_words(people, head):
    world = make_world(people)
    record("message.hidden", by=people.actor(people.head), about=world.message)
    page = head.get("/records/").content.decode()
    assert "a message about Mali" in page and world.message.body not in page


def test_a_change_in_the_records_shows_its_old_and_new_values(people, head):
    closure = Closure.objects.all()[0]
    sent = {
        "kind": "inset",
        "name": "A day off",
        "starts": "2026-10-26",
        "ends": "2026-10-29",
        "closes_at": "",
    }
    head.post(f"/calendar/closures/{closure.pk}/", sent)
    entry = AuditEntry.objects.get(verb="calendar.changed")
    before, after = entry.detail["changed"][f"closure {closure.pk}"]
    assert before.endswith("to 2026-10-30") and after.endswith("to 2026-10-29")
    assert "A day off" not in str(entry.detail)
    shown = said_of(people, kind="school")
    assert "30 October 2026 → INSET day" in shown and "29 October 2026" in shown and "Half-term" in shown


def test_a_childs_page_leads_leaders_to_all_that_was_done(people, head):
    page = head.get(f"/people/child/{people.mali.pk}/").content.decode()
    assert "/records/?about=Mali%20Bowen" in page
    office = people.client(people.office).get(f"/people/child/{people.mali.pk}/").content.decode()
    assert "/records/" not in office


def test_a_childs_values_stand_in_the_history_and_not_in_the_audit_log(people, head):
    page = f"/admin/classes/pupil/{people.mali.pk}/change/"
    head.post(page, filled(head, page, date_of_birth="2018-05-14"))
    entry = AuditEntry.objects.get(verb="admin.changed")
    assert entry.detail == {"fields": ["date_of_birth"]}
    assert "4 May 2018 → 14 May 2018" in said_of(people, kind="school")


@pytest.mark.policy("AU-11")
def test_a25_the_head_reads_nothing_of_a_report_about_themselves(people, head):
    by = people.actor(people.nia)
    made = scene.report(people, scene.post(people, staff=people.head), by=by)
    other = scene.report(people)
    decide = people.actor(people.deputy)
    mark_opened(made, by=decide)
    about = {entry.about for line in lines(people) for entry in line.entries}
    assert f"moderation.report:{other.pk}" in about and f"moderation.report:{made.pk}" not in about
    page = head.get(f"/admin/accounts/auditentry/?q=moderation.report:{made.pk}").content.decode()
    assert f"moderation.report:{made.pk}</" not in page
