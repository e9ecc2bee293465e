"""Make stories and pictures for tests."""

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.clock import school_now
from stories import services
from stories.models import Post
from tests.people import key

MARK = b"<script>alert('tail')</script>"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (320, 200), mode: str = "RGB", colour="red", **save
) -> bytes:
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **save)
    return out.getvalue()


def two_colours(kind: str = "JPEG", **save) -> bytes:
    """Make an image, red above blue, to show its orientation."""
    image = Image.new("RGB", (60, 100), "red")
    image.paste("blue", (0, 50, 60, 100))
    out = BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(BytesIO(jpeg))
    image.load()
    return image


@lru_cache
def bomb() -> bytes:
    """Make a PNG of some kilobytes with 81 million pixels."""
    return picture("PNG", (9000, 9000), mode="L", colour=0, compress_level=9)


def upload(data: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def story(people, *, whole_school: bool = False, photos: int = 0, **fields) -> Post:
    """Post a story of Celyn, or of the head (whole school)."""
    by = people.actor(people.head) if whole_school else people.actor(people.celyn, people.pritchard)
    values = {"title": "A day in the woods", "body": "We found three owls.", "key": key()} | fields
    return services.write_post(
        None if whole_school else people.celyn,
        by=by,
        at=school_now(),
        photos=[(picture(), f"Photo {n}") for n in range(photos)],
        **values,
    )


def filled(**fields) -> dict:
    """Return the data that the story form sends."""
    return {"title": "A day in the woods", "body": "We found three owls.", "key": key()} | fields


def added(browser, *files, alts=()) -> dict:
    """Add photos; return the data that the form then sends."""
    html = browser.post("/news/add-photo/", {"added": list(files)})
    names = re.findall(r'name="stored"\s+value="([0-9a-f]{32})"', html.text)
    return {"stored": names} | {f"alt_{name}": alt for name, alt in zip(names, alts, strict=False)}
