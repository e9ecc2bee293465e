"""When an event of a file is one that the calendar has, whatever uid the program gives it."""

from datetime import date

import pytest

from accounts.calendar.ics_diff import ADD, CHANGE, IGNORE, KNOWN, LEAVE, REMOVE, compare
from accounts.calendar.ics_import import FileRefused
from accounts.calendar.ics_reader import read_events
from accounts.models.audit import AuditEntry
from accounts.models.school import Closure, School, Term
from tests.accounts.calendar.ics import (
    TODAY,
    bytes_of,
    calendar_rows,
    events_of,
    ics,
    items_of,
    take,
    whole,
)

HALF_TERM = whole("Half Term", "20270531", "20270605", uid="0@default")
INSET = whole("INSET day", "20270618", "20270619", uid="0@default")
OTHER_INSET = whole("INSET day", "20270308", "20270309", uid="0@default")


def with_uid(event: list[str], uid: str) -> list[str]:
    return [f"UID:{uid}" if line.startswith("UID:") else line for line in event]


def states(*events: list[str]) -> list[str]:
    return [item.state for item in items_of(*events)]


# -- new uids
@pytest.mark.parametrize("second", ["monday.ics", "tuesday.ics"])
def test_the_same_file_again_with_any_uids_changes_nothing(people, second):
    assert take(people, read_events(bytes_of("monday.ics"))) == 3
    before, version = calendar_rows(), School.objects.get().calendar_version
    again = read_events(bytes_of(second))
    assert [item.state for item in compare(again, today=TODAY)] == [KNOWN] * 3
    assert take(people, again) == 0 and calendar_rows() == before
    assert School.objects.get().calendar_version == version
    assert AuditEntry.objects.filter(verb="calendar.changed").count() == 1


def test_a_term_with_a_new_uid_is_known_and_the_rest_is_taken_in(people):
    take(people, read_events(bytes_of("with-a-term-1.ics")))
    again = read_events(bytes_of("with-a-term-2.ics"))
    assert [item.state for item in compare(again, today=TODAY)] == [KNOWN, ADD]
    assert take(people, again) == 1
    assert Term.objects.filter(starts=date(2029, 9, 3)).count() == 1


@pytest.mark.parametrize("name", ["half  term", "HALF TERM", "Half Term\\n"])
def test_small_differences_of_a_name_make_no_other_event(people, name):
    take(people, events_of(HALF_TERM))
    assert states(whole(name, "20270531", "20270605", uid="new")) == [KNOWN]


def test_a_kind_that_somebody_has_chosen_stays_with_a_new_uid(people):
    photographs = whole("Photographs", "20270618", uid="a")
    take(people, events_of(photographs), {0: "closed"})
    [item] = items_of(with_uid(photographs, "b"))
    assert (item.state, item.kind) == (KNOWN, "closed")


def test_an_early_end_is_known_with_a_new_uid(people):
    closes = whole("School closes at 13:30", "20270618", uid="a")
    take(people, events_of(closes), {0: "early"})
    [item] = items_of(with_uid(closes, "b"))
    assert (item.state, item.kind) == (KNOWN, "early")
    later = whole("School closes at 14:30", "20270618", uid="a")
    assert states(later) == [CHANGE] and states(with_uid(later, "b")) == [IGNORE]


def test_a_welsh_name_that_somebody_added_stays(people):
    take(people, events_of(INSET))
    Closure.objects.filter(name="INSET day").update(name_cy="Diwrnod HMS")
    assert take(people, events_of(with_uid(INSET, "new"))) == 0
    assert Closure.objects.get(name="INSET day").name_cy == "Diwrnod HMS"


def test_the_same_days_under_another_name_are_left_out(people):
    take(people, events_of(HALF_TERM))
    [item] = items_of(whole("Whitsun half-term holiday", "20270531", "20270605", uid="b"))
    assert (item.state, item.kind, item.may_choose) == (IGNORE, LEAVE, True) and "Half Term" in item.why


def test_a_day_of_a_holiday_is_left_out_and_a_longer_one_is_not(people):
    take(people, events_of(HALF_TERM))
    assert states(whole("School closed", "20270601", uid="b")) == [IGNORE]
    assert states(whole("School closed for works", "20270531", "20270612", uid="b")) == [ADD]


# -- one uid for all
def test_all_events_with_one_uid_are_offered(people):
    items = compare(read_events(bytes_of("one-uid-for-all.ics")), today=TODAY)
    assert [(item.state, item.kind) for item in items] == [(ADD, "inset"), (ADD, "half_term"), (ADD, "inset")]
    assert take(people, read_events(bytes_of("one-uid-for-all.ics"))) == 3
    assert take(people, read_events(bytes_of("one-uid-for-all.ics"))) == 0


@pytest.mark.parametrize("later", [[INSET], [OTHER_INSET, INSET], [INSET, OTHER_INSET, HALF_TERM]])
def test_a_later_file_with_the_same_uid_turns_no_event_into_another(people, later):
    take(people, events_of(HALF_TERM))
    before = calendar_rows()
    take(people, events_of(*later))
    assert before <= calendar_rows() and len(calendar_rows()) > len(before)


def test_events_that_are_counted_anew_in_each_file_stay_themselves(people):
    old, new = (
        [OTHER_INSET, HALF_TERM, INSET],
        [whole("INSET day", "20270111", uid="x"), OTHER_INSET, HALF_TERM, INSET],
    )
    take(people, events_of(*(with_uid(event, f"{n}@default") for n, event in enumerate(old))))
    before = calendar_rows()
    assert take(people, events_of(*(with_uid(event, f"{n}@default") for n, event in enumerate(new)))) == 1
    assert before < calendar_rows()


def test_an_event_that_reuses_a_uid_far_away_is_another(people):
    take(people, events_of(OTHER_INSET))
    assert states(INSET) == [ADD]  # 0@default
    take(people, events_of(with_uid(whole("INSET day", "20270111"), "")))


def test_an_open_day_with_the_uid_of_a_closure_changes_nothing(people):
    take(people, events_of(HALF_TERM))
    [disco] = items_of(whole("Half Term Disco", "20270602", uid="0@default"))
    [fair] = items_of(whole("Summer fair", "20270710", uid="0@default"))
    assert (disco.state, disco.kind, fair.state) == (IGNORE, LEAVE, IGNORE)


def test_a_closure_that_is_something_else_now_is_said(people):
    take(people, events_of(INSET))
    [item] = items_of(whole("Sports day", "20270618", uid="0@default"))
    assert item.state == IGNORE and "INSET day" in item.why
    [other] = items_of(whole("Sports day", "20270618", uid="other"))
    assert "INSET day" not in other.why


# -- the event has changed
@pytest.mark.parametrize(
    "changed",
    [
        whole("INSET day", "20270625", uid="0@default"),
        whole("INSET: reading", "20270618", uid="0@default"),
        whole("Staff training day", "20270621", uid="0@default"),
        whole("School closed", "20270618", uid="0@default"),
    ],
)
def test_a_changed_event_changes_its_row(people, changed):
    take(people, events_of(INSET))
    number = Closure.objects.count()
    assert states(changed) == [CHANGE] and take(people, events_of(changed)) == 1
    assert Closure.objects.count() == number and take(people, events_of(changed)) == 0


def test_an_event_with_a_good_uid_may_move_far(people):
    uid = "040000008200E00074C5B7101A82E008"
    take(people, events_of(with_uid(OTHER_INSET, uid)))
    assert states(with_uid(INSET, uid)) == [CHANGE]


def test_what_is_over_is_never_moved(people):
    Closure.objects.create(
        name="INSET day",
        kind="inset",
        starts=date(2026, 11, 6),
        ends=date(2026, 11, 6),
        uid="same-uid-for-years",
    )
    assert states(with_uid(INSET, "same-uid-for-years")) == [ADD]


def test_a_term_that_has_changed_changes_its_row(people):
    take(people, read_events(bytes_of("with-a-term-1.ics")))
    longer = events_of(whole("Autumn Term 2029", "20290903", "20291223", uid="m0"))
    assert [item.state for item in compare(longer, today=TODAY)] == [CHANGE]
    assert take(people, longer) == 1 and Term.objects.get(starts=date(2029, 9, 3)).ends == date(2029, 12, 22)


def test_a_term_on_days_of_another_stops_nothing_and_can_change_it(people):
    take(people, read_events(bytes_of("with-a-term-1.ics")))
    events = events_of(whole("Michaelmas term", "20290905", "20291222", uid="new"), INSET)
    term, _inset = compare(events, today=TODAY)
    assert (term.state, term.kind, term.may_choose) == (
        IGNORE,
        LEAVE,
        True,
    ) and "Autumn Term 2029" in term.why
    number = Term.objects.count()
    assert take(people, events) == 1 and Term.objects.count() == number
    assert take(people, events, {0: "term"}) == 1
    assert (
        Term.objects.get(starts=date(2029, 9, 5)).name == "Michaelmas term" and Term.objects.count() == number
    )


def test_a_term_in_the_way_is_not_lost_to_a_closure(people):
    take(people, read_events(bytes_of("with-a-term-1.ics")))
    events = events_of(whole("Michaelmas term", "20291201", "20291222", uid="new"))
    take(people, events, {0: "closed"})
    assert (
        Term.objects.filter(name="Autumn Term 2029").exists()
        and Closure.objects.filter(name="Michaelmas term").exists()
    )


def test_a_term_chosen_on_days_of_two_others_is_refused(people):
    events = events_of(whole("Lent term", "20261201", "20270131"))
    assert take(people, events) == 0
    with pytest.raises(FileRefused):
        take(people, events, {0: "term"})


# -- twice in one file
@pytest.mark.parametrize(
    "first, second",
    [
        (HALF_TERM, with_uid(HALF_TERM, "b")),
        (INSET, whole("Diwrnod HMS", "20270618", "20270619", uid="b")),
        (
            whole("Autumn Term 2029", "20290903", "20291222", uid="a"),
            whole("Tymor yr Hydref", "20290903", "20291222", uid="b"),
        ),
        (
            whole("Autumn Term 2029", "20290903", "20291222", uid="a"),
            whole("Autumn Term 1", "20290903", "20291020", uid="b"),
        ),
    ],
)
def test_what_the_file_has_twice_is_taken_in_once(people, first, second):
    assert states(first, second) == [ADD, IGNORE]
    assert take(people, events_of(first, second)) == 1
    assert take(people, events_of(with_uid(first, "c"), with_uid(second, "d"))) == 0


def test_a_newer_version_in_the_same_file_stands_for_the_older(people):
    old, new = [*INSET, "SEQUENCE:0"], [*whole("INSET day", "20270621", uid="0@default"), "SEQUENCE:1"]
    assert [str(event.first) for event in events_of(old, new)] == ["2027-06-21"]
    assert [str(event.first) for event in events_of(new, old)] == ["2027-06-21"]


# -- cancelled
CANCELLED = "STATUS:CANCELLED"


@pytest.mark.parametrize("uid", ["0@default", "a-new-one"])
def test_a_cancelled_event_is_taken_out_whatever_its_uid(people, uid):
    take(people, events_of(INSET))
    gone = [*with_uid(INSET, uid), CANCELLED]
    assert states(gone) == [REMOVE] and take(people, events_of(gone)) == 1
    assert not Closure.objects.filter(name="INSET day").exists()


def test_a_cancelled_event_takes_out_no_other_with_its_uid(people):
    take(people, events_of(HALF_TERM))
    assert states([*INSET, CANCELLED]) == [IGNORE]


def test_what_was_typed_by_hand_is_not_taken_out(people):
    Closure.objects.create(name="INSET day", kind="inset", starts=date(2027, 6, 18), ends=date(2027, 6, 18))
    assert states([*INSET, CANCELLED]) == [IGNORE]


def test_an_event_that_is_cancelled_and_made_anew_stays(people):
    take(people, events_of(INSET))
    gone = [*INSET, CANCELLED]
    assert states(gone, with_uid(INSET, "new")) == [IGNORE, KNOWN]
    assert states(INSET, gone) == [REMOVE]  # the same one, cancelled later in the file


def test_a_file_of_cancellations_takes_out_what_it_names(people):
    take(people, events_of(INSET))
    named_so = whole("Canceled: INSET day", "20270618", "20270619", uid="0@default")
    [item] = compare(read_events(ics(named_so, method="CANCEL").encode()), today=TODAY)
    assert item.state == REMOVE


@pytest.mark.parametrize(
    "name", ["Canceled: INSET day", "CANCELLED - INSET day", "Wedi'i ganslo: HMS", "INSET day POSTPONED"]
)
def test_an_event_that_is_cancelled_by_its_name_is_not_suggested(people, name):
    assert states(whole(name, "20270618", uid="a")) == [IGNORE]
