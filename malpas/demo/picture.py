"""The one photo of the demo school, drawn: no real child and no real place is in it."""

from io import BytesIO

from PIL import Image, ImageDraw

SKY, SUN, HILL, BOX, SHADE, FLAG, DOORWAY = (
    "#bfe0ee",
    "#f4cf5b",
    "#5f9c6d",
    "#c79a63",
    "#a97c48",
    "#c9443e",
    "#6d4a2a",
)


def _tower(draw: ImageDraw.ImageDraw, left: int) -> None:
    draw.rectangle([left, 300, left + 180, 780], fill=BOX)
    for step in range(3):
        draw.rectangle([left + step * 66, 250, left + step * 66 + 46, 305], fill=BOX)
    draw.rectangle([left + 70, 420, left + 110, 500], fill=DOORWAY)
    draw.line([left + 90, 250, left + 90, 130], fill=DOORWAY, width=8)
    draw.polygon([(left + 94, 130), (left + 190, 165), (left + 94, 200)], fill=FLAG)


def castle() -> bytes:
    """A JPEG of 1200 by 900 pixels: a castle of boxes under a low sun."""
    picture = Image.new("RGB", (1200, 900), SKY)
    draw = ImageDraw.Draw(picture)
    draw.ellipse([900, 90, 1060, 250], fill=SUN)
    draw.ellipse([-300, 640, 900, 1300], fill=HILL)
    draw.ellipse([500, 680, 1600, 1300], fill="#4d8a5f")
    draw.rectangle([380, 470, 820, 780], fill=SHADE)
    _tower(draw, 250)
    _tower(draw, 770)
    draw.rounded_rectangle([510, 590, 690, 780], 80, fill=DOORWAY)
    draw.polygon([(520, 780), (680, 780), (740, 870), (460, 870)], fill="#8a6238")
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()
