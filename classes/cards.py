"""The cards with which pupils sign in: eight on a sheet of A4, each with dragon, first name and QR (PU-4)."""

import re
from collections.abc import Sequence
from io import BytesIO

from classes.models import Classroom, Pupil
from classes.paper import Sheet
from malpas.lib.dragon import dragon

ACROSS, DOWN = 2, 4
WIDTH, HEIGHT = 90.0, 66.0
LEFT, TOP = 15.0, 16.0
PICTURE = 42.0


def cards_pdf(cards: Sequence[tuple[Pupil, str]], classroom: Classroom) -> bytes:
    """The cards of a class, to be cut out along the lines. `cards`: each pupil with the address of the QR."""
    sheet = Sheet(classroom.name)
    for number, (pupil, address) in enumerate(cards):
        place = number % (ACROSS * DOWN)
        if place == 0:
            sheet.add_page()
        x, y = LEFT + place % ACROSS * WIDTH, TOP + place // ACROSS * HEIGHT
        _card(sheet, pupil, address, x, y, classroom.name)
    return sheet.bytes()


def _picture(traits: Sequence[int]) -> bytes:
    """The dragon as a drawing of its own: with its namespace, and without the empty path of a plain skin."""
    colour, horns, wings, pattern, tail = traits
    drawn = re.sub(r'<path d=""[^>]*/>', "", dragon(colour, horns, wings, pattern, tail))
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


def _card(sheet: Sheet, pupil: Pupil, address: str, x: float, y: float, room: str) -> None:
    sheet.set_line_width(0.2)
    sheet.rect(x, y, WIDTH, HEIGHT)
    sheet.image(BytesIO(_picture(pupil.dragon)), x=x + 5, y=y + 7, w=34, h=34)
    sheet.qr(address, x=x + WIDTH - PICTURE - 3, y=y + 3, side=PICTURE)
    below = sheet.write_at(x + 4, y + 46, WIDTH - 8, pupil.first_name, size=17, bold=True)
    sheet.write_at(x + 4, below, WIDTH - 8, room, size=9.5)
