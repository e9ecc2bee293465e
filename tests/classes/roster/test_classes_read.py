"""Test that the report names unread and emptied classes (PA-6)."""

from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.enums import UserKind
from accounts.models.people import StaffMember
from classes.models.classrooms import Classroom
from classes.queries import classes_nobody_reads
from tests.people import make_user
from tests.sentences.classes import CLASSES_WITHOUT_CHILDREN

CASES = Path(__file__).parent / "cases"
pytestmark = [pytest.mark.django_db, pytest.mark.policy("PA-6")]


def taken(name: str, capsys) -> str:
    call_command("import_roster", str(CASES / name), "--apply")
    return capsys.readouterr().out


def open_class(name: str) -> None:
    room = Classroom.objects.get(name=name)
    room.account = make_user(name, "class@school.example", UserKind.CLASS)
    room.save(update_fields=["account"])
    room.staff.add(StaffMember.objects.create(title="Mrs", forename="Ann", surname="Rees"))


def test_a_new_class_is_named_until_somebody_reads(clock, capsys):
    assert "Year 2 Bedwen (new)" in taken("year-july.csv", capsys)
    assert "Nobody reads" in taken("year-july.csv", capsys)
    open_class("Year 2 Bedwen")
    assert "Nobody reads" not in taken("year-july.csv", capsys)


def test_a_rollover_names_the_new_class_and_the_empty_one(clock, capsys):
    taken("year-july.csv", capsys)
    open_class("Year 2 Bedwen")
    said = taken("year-september.csv", capsys)
    assert "Year 3 Bedwen (new)" in said.split("Nobody reads")[1]
    assert "Year 2 Bedwen" in said.split(CLASSES_WITHOUT_CHILDREN)[1]
    assert [room.name for room in classes_nobody_reads()] == ["Year 3 Bedwen"]
