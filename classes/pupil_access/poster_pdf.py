"""Draw the poster with a class page's QR code (PU-4).

One A4 in both languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models.school import School
from classes.avatar.drawing import dragon
from classes.models.classrooms import Classroom
from classes.pupil_access.card_pdf import on_paper

if TYPE_CHECKING:
    from classes.pdf.sheet import Sheet

LEFT, RIGHT, COLUMN, WHOLE = 18.0, 109.0, 83.0, 174.0
QR_SIDE = 105.0
DRAGONS = [(1, 1, 0, 1, 0), (0, 0, 1, 0, 1), (3, 3, 2, 3, 2)]
WELSH = [
    "Dewch i mewn!",
    "Daliwch y camera o flaen y sgwâr.",
    "Tapiwch eich draig.",
    "Tapiwch eich tri llun, yn eu trefn.",
]
WELSH_SECRET = """I’r athro: cyfrinach y dosbarth yw’r cyfeiriad hwn. Os aeth y poster ar goll, neu os tynnwyd llun \
ohono, gwnewch un newydd: daw’r hen un i ben ar unwaith."""
ENGLISH = [
    "Come in!",
    "Hold the camera in front of the square.",
    "Tap your dragon.",
    "Tap your three pictures, in their order.",
]
ENGLISH_SECRET = """For the teacher: this address is the class’s secret. If the poster is lost, or somebody has taken a \
picture of it, make a new one: the old one ends at once."""


def poster_pdf(address: str, classroom: Classroom, school: School) -> bytes:
    from classes.pdf.sheet import Sheet  # imported late: it takes a third of what a process needs to start

    sheet = Sheet(f"Poster – {classroom.name}")
    sheet.add_page()
    y = sheet.write_both(LEFT, 16, WHOLE, school.name_in("cy"), school.name_in("en"), size=11, align="C")
    y = (
        sheet.write_at(
            LEFT, y + 3, WHOLE, classroom.name, size=30, bold=True, align="C", tag="H1", shrink=True
        )
        + 3
    )
    with sheet.decoration():
        for number, traits in enumerate(DRAGONS):
            sheet.image(on_paper(dragon(*traits)), x=LEFT + WHOLE / 2 - 47 + number * 33, y=y, w=28, h=28)
    y += 30
    sheet.qr(address, x=LEFT + (WHOLE - QR_SIDE) / 2, y=y, side=QR_SIDE)
    y = sheet.write_at(LEFT, y + QR_SIDE + 1, WHOLE, address, size=9, align="C") + 5
    with sheet.read("cy", 1):
        _column(sheet, WELSH, WELSH_SECRET, LEFT, y)
    with sheet.read("en", 2):
        _column(sheet, ENGLISH, ENGLISH_SECRET, RIGHT, y)
    return sheet.bytes()


def _column(sheet: Sheet, lines: list[str], secret: str, x: float, y: float) -> None:
    title, *steps = lines
    y = sheet.write_at(x, y, COLUMN, title, size=20, bold=True, tag="H2") + 2
    for number, step in enumerate(steps, 1):
        sheet.write_at(x, y, 7, f"{number}.", size=13, bold=True)
        y = sheet.write_at(x + 7, y, COLUMN - 7, step, size=13) + 2
    sheet.write_at(x, max(y + 3, 262), COLUMN, secret, size=8)
