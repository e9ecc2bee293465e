"""What the office corrected by hand is not set back unasked, and who goes with the top year."""

import pytest

from classes.guardianship.facts import change_facts
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.roster.apply import import_roster
from classes.roster.plan import make_plan
from classes.roster.reading import read_table
from classes.roster.refusals import TooManyMissing
from classes.rules import ADDED_BY_HAND
from tests.people import make_pupil

from .pages import confirm, look
from .sheet import ROW, TODAY, row, sample, sheet

pytestmark = pytest.mark.django_db


def take(data: bytes, **options):
    return import_roster(table=read_table(data), today=TODAY, by=None, **options)


def corrected(**values) -> Contact:
    take(sheet(ROW), accept_missing=True)
    Contact.objects.filter(school_ref="C1").update(**values)
    return Contact.objects.get(school_ref="C1")


@pytest.mark.policy("AU-8")
def test_a_correction_by_hand_stays(people, clock):
    mali = corrected(email="new@example.org", mobile="07700900111")
    plan = take(sheet(row(Contact_Title="Mrs")), accept_missing=True)
    assert {(each.name, each.here, each.file) for each in plan.corrections} == {
        ("email", "new@example.org", "mali@example.org"),
        ("mobile", "07700900111", "07700900653"),
    }
    mali.refresh_from_db()
    assert (mali.email, mali.mobile, mali.title) == ("new@example.org", "07700900111", "Mrs")


def test_it_stays_however_often_a_file_comes(people, clock):
    mali = corrected(email="new@example.org")
    for _time in range(2):
        assert len(take(sheet(ROW), accept_missing=True).corrections) == 1
    mali.refresh_from_db()
    assert mali.email == "new@example.org"


def test_a_name_of_a_child_made_by_hand_stays(people, clock):
    make_pupil("Siân", "Probert-Rees", people.celyn, school_ref="2001", date_of_birth="2019-10-14")
    plan = take(sheet(ROW), accept_missing=True)
    assert {each.name for each in plan.corrections} == {"legal_surname", "preferred_forename"}
    assert Pupil.objects.get(school_ref="2001").legal_surname == "Probert-Rees"


def test_a_file_that_agrees_by_now_is_followed_again(people, clock):
    corrected(email="new@example.org")
    take(sheet(row(Primary_Email="new@example.org")), accept_missing=True)
    plan = take(sheet(row(Primary_Email="newer@example.org")), accept_missing=True)
    assert not plan.corrections and Contact.objects.get(school_ref="C1").email == "newer@example.org"


def test_a_tick_takes_the_files_value_and_no_other(people, clock):
    mali = corrected(email="new@example.org", mobile="07700900111")
    client = people.client(people.office)
    page = look(client, sheet(ROW))
    assert "new@example.org" in page.content.decode() and "mali@example.org" in page.content.decode()
    confirm(client, page, missing="on", **{f"contact-{mali.pk}-email": "on"})
    mali.refresh_from_db()
    assert (mali.email, mali.mobile) == ("mali@example.org", "07700900111")
    assert [each.name for each in make_plan(read_table(sheet(ROW)), TODAY).corrections] == ["mobile"]


def test_a_child_added_by_hand_is_not_missing(people, clock):
    take(sheet(ROW), accept_missing=True)
    Pupil.objects.exclude(school_ref="2001").update(left_on="2026-09-01")
    added = make_pupil("Wan", "Ibrahim", people.celyn, school_ref=f"{ADDED_BY_HAND}1")
    plan = take(sheet(ROW))
    assert plan.by_hand == [added] and not plan.missing and plan.here == 1
    page = look(people.client(people.office), sheet(ROW)).content.decode()
    assert "Wan Ibrahim" in page


# -- the top year in September ---------------------------------------------------------------------------

LADDER = {"N": "R", "R": "1", **{str(year): str(year + 1) for year in range(1, 6)}}


def september() -> bytes:
    """The school a year later: each child one year up, and Year 6 gone."""
    header, *lines = sample("sims-contacts.csv").decode("utf-8-sig").splitlines()
    position = header.split(",").index("Year Group")
    rows = [line.split(",") for line in lines]
    for cells in rows:
        cells[position] = LADDER.get(cells[position], "")
    return "\n".join([header, *(",".join(cells) for cells in rows if cells[position])]).encode()


def test_the_top_year_of_september_is_not_missing():
    take(sample("sims-contacts.csv"))
    plan = take(september())
    assert len(plan.top_year) > 20 and not plan.missing
    assert {pupil.year for pupil in plan.top_year} == {"6"}
    assert Pupil.objects.here().filter(year="6", pk__in=[pupil.pk for pupil in plan.top_year]).count() > 20


def test_the_top_year_missing_in_march_is_missing():
    take(sample("sims-contacts.csv"))
    march = b"".join(
        line for line in sample("sims-contacts.csv").splitlines(keepends=True) if b",6,C" not in line
    )
    with pytest.raises(TooManyMissing):
        take(march)


def test_others_missing_in_september_are_counted():
    take(sample("sims-contacts.csv"))
    gone = [line for line in september().splitlines(keepends=True) if b",2,C" not in line]
    with pytest.raises(TooManyMissing):
        take(b"".join(gone))


def connection() -> Guardianship:
    return Guardianship.objects.get(pupil__school_ref="2001", contact__school_ref="C1")


def with_an_order(people) -> Guardianship:
    take(sheet(ROW), accept_missing=True)
    change_facts(guardianship=connection(), values={"court_order": True}, by=people.actor(people.office))
    return connection()


@pytest.mark.policy("PA-2")
def test_a_court_order_set_by_hand_stays(people, clock):
    with_an_order(people)
    for _time in range(2):
        plan = take(sheet(row(Priority="2")), accept_missing=True)
        assert [(each.name, each.here, each.file) for each in plan.corrections] == [
            ("court_order", True, False)
        ]
    assert connection().court_order and connection().priority == 2


@pytest.mark.policy("PA-2")
def test_a_leader_alone_takes_the_files_word_on_a_court_order(people, clock):
    mine = with_an_order(people)
    tick = {"missing": "on", f"guardianship-{mine.pk}-court_order": "on"}
    office = people.client(people.office)
    assert confirm(office, look(office, sheet(ROW)), **tick).status_code == 422
    assert connection().court_order
    deputy = people.client(people.deputy)
    confirm(deputy, look(deputy, sheet(ROW)), **tick)
    assert not connection().court_order
    assert not make_plan(read_table(sheet(ROW)), TODAY).corrections


@pytest.mark.policy("PA-2")
def test_a_court_order_of_the_file_always_counts(people, clock):
    with_an_order(people)
    change_facts(guardianship=connection(), values={"court_order": False}, by=people.actor(people.deputy))
    plan = take(sheet(row(Court_Order="Yes")), accept_missing=True)
    assert not plan.corrections and connection().court_order and connection().awaits_decision


def test_a_fact_that_nobody_set_follows_the_file(people, clock):
    take(sheet(ROW), accept_missing=True)
    plan = take(sheet(row(Court_Order="Yes")), accept_missing=True)
    assert not plan.corrections and connection().court_order
