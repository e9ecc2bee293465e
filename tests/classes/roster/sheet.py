"""Make a small export for tests: one child with both parents."""

import csv
import io
from datetime import date
from pathlib import Path

from classes.roster.matching.by_name import NamedAdults
from classes.roster.merging import Known, Roster, merge
from classes.roster.reading import read_table
from classes.roster.rows import CheckedRow, check_row

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 23)

ROW = {
    "Person ID": "2001",
    "Admission Number": "000201",
    "UPN": "J680229926001",
    "Legal Forename": "Siân",
    "Legal Surname": "Probert",
    "Preferred Forename": "Siâ",
    "Date of Birth": "14/10/2019",
    "Reg Group": "Year 2 Bedwen",
    "Year Group": "2",
    "Contact ID": "C1",
    "Contact Title": "Ms",
    "Contact Forename": "Mali",
    "Contact Surname": "Probert",
    "Relationship": "Mother",
    "Priority": "1",
    "Parental Responsibility": "T",
    "Court Order": "F",
    "Primary Email": "mali@example.org",
    "Mobile": "07700900653",
}
FATHER = {
    "Contact ID": "C2",
    "Contact Title": "Mr",
    "Contact Forename": "Leo",
    "Contact Surname": "Llŷr",
    "Relationship": "Father",
    "Priority": "2",
    "Primary Email": "leo@example.org",
    "Mobile": "07700900891",
}
SECOND_CHILD = {
    "Person ID": "2002",
    "Admission Number": "000202",
    "UPN": "Y680229926002",
    "Legal Forename": "Noor",
    "Preferred Forename": "Noor",
    "Date of Birth": "27/04/2020",
}


def row(**changes: str) -> dict[str, str]:
    """Return ROW with changes; `Person_ID=` stands for `Person ID`."""
    return ROW | {name.replace("_", " "): value for name, value in changes.items()}


def sheet(
    *rows: dict[str, str], delimiter: str = ",", encoding: str = "utf-8", without: tuple[str, ...] = ()
):
    """Return the bytes of an export."""
    names = [name for name in dict.fromkeys(n for r in rows or (ROW,) for n in r) if name not in without]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding, errors="replace")


def checked(data: bytes) -> list[CheckedRow]:
    table = read_table(data)
    return [check_row(each, table.titles, TODAY) for each in table.rows]


def merged(data: bytes, known: Known | None = None) -> Roster:
    return merge(NamedAdults(checked(data), {}, []).rows, known or Known())


def faults(data: bytes) -> list[tuple[int, str]]:
    return [(remark.row, remark.code) for remark in merged(data).refused]


def notes(data: bytes) -> list[tuple[int, str]]:
    return [(remark.row, remark.code) for remark in merged(data).notes]


def sample(name: str) -> bytes:
    return (DATA / name).read_bytes()
