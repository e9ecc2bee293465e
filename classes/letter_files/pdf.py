"""Draw the letters with the codes (PA-1).

A4, one page for each adult, both languages, code and QR.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models.school import School
from classes.joining.codes import grouped
from classes.joining.invitations import Issued
from classes.letter_files.names import names_of
from classes.letter_files.texts import ENGLISH, WELSH, LetterText

if TYPE_CHECKING:
    from classes.pdf.sheet import Sheet

LEFT, RIGHT, COLUMN, WHOLE = 18.0, 109.0, 83.0, 174.0
TEXT = 10.5
QR_SIDE = 40.0


def join_address(code: str = "") -> str:
    """Return the QR's address: the join page with the code filled in.

    Without a code: the address as it is typed.
    """
    path = reverse("join_code", args=[code]) if code else reverse("join")
    return settings.PUBLIC_URL + path


def letters_pdf(issued: Sequence[Issued], school: School) -> bytes:
    """Return one letter for each new code, as one PDF."""
    from classes.pdf.sheet import Sheet  # imported late: it takes a third of what a process needs to start

    sheet = Sheet(f"Llythyrau · Letters – {school.name_in('cy')} · {school.name_in('en')}")
    sheet.prepare(text for one in issued for text in names_of(one.guardianship))
    for one in issued:
        _letter(sheet, one, school)
    return sheet.bytes()


def _letter(sheet: Sheet, one: Issued, school: School) -> None:
    sheet.add_page()
    child = one.guardianship.pupil.first_name
    facts = {
        "child": child,
        "phone": school.office_phone,
        "date": f"{localtime(one.expires_at):%d.%m.%Y}",
    }
    y = _head(sheet, one, school)
    y = _both(sheet, 1, y, lambda text, x, top: _opening(sheet, text, x, top, facts))
    with sheet.read("cy", 2):
        y = _code(sheet, y + 4, one, facts)
    _both(sheet, 3, y + 6, lambda text, x, top: _body(sheet, text, x, top, facts))
    with sheet.read("cy", 9):
        reach = f"{school.office_phone} · {school.concerns_email}"
        sheet.write_both(LEFT, 278, WHOLE, "Swyddfa’r ysgol", f"Main Office {reach}", size=9, align="C")


def _head(sheet: Sheet, one: Issued, school: School) -> float:
    left = sheet.write_at(LEFT, 18, COLUMN, school.name_in("cy"), size=12, bold=True)
    with sheet.read("en"):
        left = sheet.write_at(LEFT, left, COLUMN, school.name_in("en"), size=12, bold=True)
    name, *about = names_of(one.guardianship)
    right = sheet.write_at(RIGHT, 18, COLUMN, name, size=12, bold=True, align="R")
    of = ", ".join(about)
    right = sheet.write_at(RIGHT, right, COLUMN, f"Rhiant neu ofalwr: {of}", size=9.5, align="R")
    with sheet.read("en"):
        right = sheet.write_at(RIGHT, right, COLUMN, f"Parent or carer: {of}", size=9.5, align="R")
    line = max(left, right) + 4
    sheet.set_line_width(0.4)
    with sheet.decoration():
        sheet.line(LEFT, line, LEFT + WHOLE, line)
    return line + 6


def _both(sheet: Sheet, part: int, top: float, draw: Callable[[LetterText, float, float], float]) -> float:
    """Draw the same in both languages: Welsh left, English right.

    `part`: where the Welsh is read; the English is read after all of the Welsh.
    """
    with sheet.read("cy", part):
        welsh = draw(WELSH, LEFT, top)
    with sheet.read("en", part + 3):
        return max(welsh, draw(ENGLISH, RIGHT, top))


def _opening(sheet: Sheet, text: LetterText, x: float, y: float, facts: dict[str, str]) -> float:
    y = sheet.write_at(x, y, COLUMN, text.greeting, size=TEXT) + 2
    y = sheet.write_at(x, y, COLUMN, text.title, size=15, bold=True, tag="H1") + 2
    return sheet.write_at(x, y, COLUMN, text.opening.format(**facts), size=TEXT)


def _code(sheet: Sheet, top: float, one: Issued, facts: dict[str, str]) -> float:
    height = QR_SIDE + 8
    sheet.set_line_width(0.6)
    with sheet.decoration():
        sheet.rect(LEFT, top, WHOLE, height)
    width = WHOLE - QR_SIDE - 16
    y = sheet.write_both(LEFT + 6, top + 6, width, WELSH.code, ENGLISH.code, size=TEXT, bold=True) + 2
    sheet.set_char_spacing(1.2)
    y = sheet.write_at(LEFT + 6, y, width, grouped(one.code), size=21, bold=True) + 2
    sheet.set_char_spacing(0)
    y = sheet.write_at(LEFT + 6, y, width, WELSH.until.format(**facts), size=9.5)
    with sheet.read("en"):
        y = sheet.write_at(LEFT + 6, y, width, ENGLISH.until.format(**facts), size=9.5)
    sheet.write_at(LEFT + 6, y, width, join_address(), size=TEXT, bold=True)
    sheet.qr(join_address(one.code), x=LEFT + WHOLE - QR_SIDE - 4, y=top + 4, side=QR_SIDE)
    return top + height


def _body(sheet: Sheet, text: LetterText, x: float, y: float, facts: dict[str, str]) -> float:
    y = sheet.write_at(x, y, COLUMN, text.steps_title, size=12, bold=True, tag="H2") + 1
    for number, step in enumerate(text.steps, 1):
        sheet.write_at(x, y, 6, f"{number}.", size=TEXT)
        y = sheet.write_at(x + 6, y, COLUMN - 6, step.format(**facts), size=TEXT) + 1
    for title, body in ((text.safe_title, text.safe), (text.quiet_title, text.quiet)):
        y = sheet.write_at(x, y + 3, COLUMN, title, size=12, bold=True, tag="H2") + 1
        y = sheet.write_at(x, y, COLUMN, body.format(**facts), size=TEXT)
    return sheet.write_at(x, y + 5, COLUMN, text.closing, size=TEXT)
