"""Test the order of day and month in a roster.

And days that stand for 'no leaving date'.
"""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from classes.models.guardianships import Contact
from classes.models.pupils import Pupil
from classes.roster import cells
from classes.roster.apply import import_roster
from classes.roster.dates import DatesUnclear, check_order
from classes.roster.reading import read_table
from tests.classes.roster.sheet import TODAY, notes, row, sheet
from tests.people import make_school
from tests.sentences.classes import (
    DATE_ORDER_UNKNOWN,
    DATES_READ_DAY_FIRST,
    NO_LEAVING_DATE,
    YEAR_OF_TWO_FIGURES,
)
from tests.sentences.reading import says

CASES = Path(__file__).parent / "cases"


def case(name: str) -> bytes:
    return (CASES / name).read_bytes()


def order(*birthdays: str, years: str = "2222222222") -> bool:
    rows = [
        row(
            Person_ID=str(number),
            UPN="",
            Date_of_Birth=born,
            Year_Group=years[number],
            Contact_ID=f"C{number}",
        )
        for number, born in enumerate(birthdays)
    ]
    return check_order(read_table(sheet(*rows)), TODAY)


def refused(*birthdays: str, **more) -> str:
    with pytest.raises(DatesUnclear) as found:
        order(*birthdays, **more)
    return found.value.sentence


@pytest.mark.django_db
def test_a_month_first_file_writes_nothing_and_says_so_once(clock, capsys):
    with pytest.raises(CommandError, match="“Date of Birth” stand month first"):
        call_command("import_roster", str(CASES / "dates-month-first.csv"), "--apply")
    assert not Pupil.objects.exists() and not Contact.objects.exists()


def test_one_cell_that_can_only_be_month_first_is_enough():
    assert "month first" in refused("04/05/2018", "10/14/2019")


def test_a_column_with_a_day_above_twelve_is_day_first():
    assert order("14/10/2019", "04/05/2020", "03/02/2020") is True


def test_one_slip_among_many_stays_a_fault_of_its_row():
    assert order(*["14/10/2019"] * 9, "10/14/2019") is True
    assert "two ways" in refused("14/10/2019", "10/14/2019", "04/05/2018")


def test_text_beside_days_that_a_spreadsheet_turned_is_refused():
    assert "two ways" in refused("14-10-2019", "2019-05-04", "13-02-2020", "2020-03-02")
    assert "two ways" in refused("14/05/2020", "4/5/2020", "5/4/2020")
    assert "two ways" in refused("14/10/2019", "04-05-2020")
    assert "two ways" in refused("14/10/2019", "04/05/2020 00:00")


def test_two_styles_that_prove_themselves_are_taken():
    assert order("14-10-2019", "2019-05-04", "2020-03-22", "04-05-2020") is True
    assert order("14/10/2019", "04/05/2020", "2020-03-22") is True
    assert order("2019-10-14", "2019-05-04") is True


def test_the_year_that_a_child_is_in_decides_an_open_column():
    # In Year 2 of 2026/27: born from 1 September 2019 to 31 August 2020.
    assert order("04/09/2019", "09/10/2019") is True
    assert "month first" in refused("09/04/2019", "10/09/2019")


def test_a_few_open_birthdays_are_read_day_first_with_a_note():
    assert order("04/05/2020", "05/04/2020") is False


@pytest.mark.django_db
def test_the_report_says_that_the_order_is_not_sure(clock, capsys, tmp_path):
    file = tmp_path / "few.csv"
    file.write_bytes(sheet(row(Date_of_Birth="04/05/2020")))
    call_command("import_roster", str(file))
    assert DATES_READ_DAY_FIRST in capsys.readouterr().out


def test_many_open_birthdays_are_refused():
    open_days = [f"0{day}/0{month}/2020" for day, month in [(1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7)]]
    assert DATE_ORDER_UNKNOWN in refused(*open_days)


def test_twins_of_day_and_month_say_nothing():
    assert order(*["05/05/2020"] * 8) is True


@pytest.mark.parametrize(
    "text",
    ["14/10/2019 00:00", "14/10/2019 00:00:00", "14-Oct-2019", "14 Oct 2019", "14 October 2019", "Mon 14/10/2019",
     "14 Hydref 2019", "2019-10-14T00:00:00+01:00", "2019-10-14 00:00:00.000", "14.10.2019", "Monday, 14/10/2019"],
)  # fmt: skip
def test_dates_are_read_as_systems_print_them(text):
    assert cells.read_date(text) == date(2019, 10, 14)


@pytest.mark.parametrize(
    ("text", "code"),
    [("14/10/19", "short_year"), ("14-Oct-19", "short_year"), ("43752", "serial_date"), ("43752.0", "serial_date"),
     ("14 Foo 2019", "not_a_date"), ("31/02/2019", "impossible_date"), ("14//10/2019", "not_a_date"),
     ("soon", "not_a_date"), ("14/10-2019", "not_a_date")],
)  # fmt: skip
def test_what_is_no_date_says_why(text, code):
    with pytest.raises(cells.CellFault) as found:
        cells.read_date(text)
    assert found.value.code == code


@pytest.mark.django_db
def test_the_eight_ways_of_one_birthday_are_read_or_named(clock, capsys):
    with pytest.raises(CommandError, match="2 rows were refused"):
        call_command("import_roster", str(CASES / "dates-with-time-and-names.csv"), "--apply")
    assert set(Pupil.objects.values_list("date_of_birth", flat=True)) == {date(2019, 10, 14)}
    assert Pupil.objects.count() == 6 and says(capsys.readouterr().out, YEAR_OF_TWO_FIGURES)


@pytest.mark.django_db
def test_seven_children_with_a_leaving_date_of_none_are_taken(clock, capsys):
    call_command("import_roster", str(CASES / "left-never-new.csv"), "--apply")
    assert Pupil.objects.count() == 7 and not Pupil.objects.filter(left_on__isnull=False).exists()
    assert says(capsys.readouterr().out, NO_LEAVING_DATE)


@pytest.mark.django_db
def test_nobody_leaves_by_a_date_before_birth(clock):
    call_command("import_roster", str(CASES / "left-never-before.csv"), "--apply")
    call_command("import_roster", str(CASES / "left-never-after.csv"), "--apply")
    assert Pupil.objects.here().count() == 11 and not Pupil.objects.filter(left_on__isnull=False).exists()


@pytest.mark.parametrize(
    "text",
    ["01/01/1900", "00/01/1900", "30/12/1899", "01/01/0001", "31/12/9999", "0000-00-00", "00/00/0000", "0",
     "1900-01-01 00:00:00", "01/01/1970", "13/10/2019", "-", "01/01/2100", "00/00/00", "NULL"],
)  # fmt: skip
def test_a_day_that_stands_for_none_is_noted(text):
    assert notes(sheet(row(Date_of_Leaving=text))) == [(2, "not_left")]


@pytest.mark.parametrize("text", ["14/10/2019", "20/07/2026"])
def test_a_true_leaving_date_is_no_note_of_that_kind(text):
    assert notes(sheet(row(Date_of_Leaving=text))) == []


@pytest.mark.django_db
def test_a_future_leaving_date_is_stored_and_acts_on_the_day(clock):
    make_school()
    clock.set("2026-11-23 10:00")
    import_roster(table=read_table(sheet(row(Date_of_Leaving="24/11/2026"))), today=TODAY, by=None)
    child = Pupil.objects.get()
    assert child.left_on == date(2026, 11, 24) and Pupil.objects.here().exists()
    clock.set("2026-11-24 00:00")
    assert not Pupil.objects.here().exists()
