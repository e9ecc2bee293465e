import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from classes.models.pupils import Pupil
from classes.roster.reading import MAX_BYTES
from tests.sentences.classes import (
    IDS_OF_OTHER_PEOPLE,
    MANY_PUPILS_MISSING,
    NO_CALENDAR_DAY,
    NO_COLUMN_NAMES,
    NOT_A_TEXT_FILE,
    ROW_REPEATED,
    SPREADSHEET_REFUSED,
)

from .sheet import DATA, ROW, row, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(tmp_path):
    def write(data: bytes) -> str:
        path = tmp_path / "roster.csv"
        path.write_bytes(data)
        return str(path)

    return write


def run(*args: str) -> str:
    out = StringIO()
    call_command("import_roster", *args, stdout=out)
    return out.getvalue()


def test_without_apply_it_says_what_it_would_do_and_does_nothing():
    said = run(str(DATA / "sims-contacts.csv"))
    assert "Pupils: 200 new, 0 changed, 0 unchanged" in said
    assert "invite: 348" in said
    assert "Nothing was changed" in said
    assert not Pupil.objects.exists()


def test_with_apply_it_does_it():
    assert "Done." in run(str(DATA / "sims-contacts.csv"), "--apply")
    assert Pupil.objects.count() == 200
    assert "Pupils: 0 new, 0 changed, 200 unchanged" in run(str(DATA / "sims-contacts.csv"), "--apply")


def test_refused_rows_are_numbered_and_set_the_exit_code():
    out = StringIO()
    with pytest.raises(CommandError, match="11 rows were refused") as caught:
        call_command("import_roster", str(DATA / "with-faults.csv"), "--apply", stdout=out)
    assert caught.value.returncode == 2
    no_day = NO_CALENDAR_DAY % {"column": "Date of Birth", "value": "31/02/2018"}
    assert f"row 9: {no_day}" in out.getvalue()
    assert "row 22: " + ROW_REPEATED % {"row": "5"} in out.getvalue()
    assert Pupil.objects.count() == 50


def test_another_schools_file_does_not_drown_its_faults():
    run(str(DATA / "sims-contacts.csv"), "--apply")
    out = StringIO()
    with pytest.raises(CommandError, match="rows were refused"):
        call_command("import_roster", str(DATA / "with-faults.csv"), stdout=out)
    before = IDS_OF_OTHER_PEOPLE.partition("%s")[0]
    assert f"{before}2–8, 10–" in out.getvalue()
    assert "row 9: Date of Birth" in out.getvalue()


def test_when_many_pupils_are_missing_it_asks(export):
    run(str(DATA / "sims-contacts.csv"), "--apply")
    few = export(b"".join((DATA / "sims-contacts.csv").read_bytes().splitlines(keepends=True)[:100]))
    assert "--accept-missing" in run(few)
    with pytest.raises(CommandError, match=re.escape(MANY_PUPILS_MISSING)):
        run(few, "--apply")
    assert "Done." in run(few, "--apply", "--accept-missing")
    assert Pupil.objects.here().count() == 200


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"", "empty"),
        (b"PK\x03\x04 and so on", SPREADSHEET_REFUSED),
        (b"a\x00b", NOT_A_TEXT_FILE),
        (b"x" * (MAX_BYTES + 1), "10 MB"),
        (b"1,2,3\n4,5,6\n", NO_COLUMN_NAMES),
        (sheet(ROW, without=("Court Order",)), "Court Order"),
    ],
)
def test_an_unreadable_file_changes_nothing_and_says_why(export, data, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)) as caught:
        run(export(data), "--apply")
    assert caught.value.returncode == 1
    assert not Pupil.objects.exists()


@pytest.mark.parametrize("name", ["/nowhere/at/all.csv", "/", "a\x00b"])
def test_a_file_that_cannot_be_opened_is_a_sentence_too(name):
    with pytest.raises(CommandError, match="cannot be opened"):
        run(name)


def test_a_hostile_header_or_name_does_not_break_the_report(export):
    header = sheet(ROW | {"%s %(x)d {0} {x}": "%s"}).replace(b"Legal Surname", b"legal_{0}surname%s")
    with pytest.raises(CommandError, match="Legal Surname"):
        run(export(header))
    assert "100%s {0}" in run(export(sheet(row(Relationship="100%s {0}"))))


def test_changes_are_reported_in_sentences(export):
    run(export(sheet(ROW)), "--apply")
    said = run(export(sheet(row(Court_Order="T", Mobile=""))))
    assert "court order no → yes; suggestion “invite” → “hold”" in said
    assert "telephone “07700900653” → nothing" in said


def test_it_works_in_welsh_too(export):
    with translation.override("cy"):
        assert run(export(sheet(row(UPN="J680229926001"))))
