"""What may befall a photo or a document between the finger, the disk and the row that names it."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from malpas.lib.hidden import hide
from tests.files import letter, pdf_with
from tests.stories.kit import files_in, picture

pytestmark = pytest.mark.faults
TWO_DAYS = 2 * 24 * 60 * 60


def names(rig) -> list[str]:
    return [row[0] for row in rig.sql("SELECT name FROM messaging_attachment WHERE message_id IS NOT NULL")]


def grow_old(media: Path) -> None:
    then = time.time() - TWO_DAYS
    for path in files_in(media):
        os.utime(path, (then, then))


@pytest.fixture
def media(rig) -> Path:
    folder = rig.state / "media"
    for path in files_in(folder) if folder.exists() else ():
        path.unlink()
    rig.sql("TRUNCATE messaging_attachment")
    return folder


def test_F31_the_web_killed_between_file_and_row_leaves_no_row_and_a_file_that_the_sweep_removes(rig, media):
    key = str(uuid4())
    rig.arm("file.after_write", "kill")
    assert rig.write(key=key, files={"castle.jpg": picture()}).status == 0
    assert (
        len(files_in(media)) == 2
        and names(rig) == []
        and rig.one("SELECT count(*) FROM messaging_message") == 0
    )
    assert rig.write(key=key, files={"castle.jpg": picture()}).status == 302
    (stored_name,) = names(rig)
    assert "removed: 0" in rig.manage("media_audit", "--remove")  # it may be somebody's press of just now
    grow_old(media)
    said = rig.manage("media_audit", "--remove")
    assert "removed: 2" in said and "not on the disk" not in said
    assert {path.name.split("-")[0] for path in files_in(media)} == {stored_name}


def test_F31_the_web_killed_between_row_and_file_leaves_a_file_that_nobody_opens_and_the_sweep_removes(
    rig, media
):
    rig.write(files={"letter.pdf": letter(), "castle.jpg": picture()})
    first, second = names(rig)
    message = rig.one("SELECT id FROM messaging_message")
    rig.arm("file.before_forget", "kill")
    changed = {"body": "Without the letter", "key": str(uuid4()), "stored": second}
    assert rig.ask("nia", f"/messages/change/{hide(message)}/", changed).status == 0
    assert names(rig) == [second] and len(files_in(media)) == 3
    assert rig.ask("nia", f"/messages/file/{first}/").status == 404
    grow_old(media)
    assert "removed: 1" in rig.manage("media_audit", "--remove")
    assert len(files_in(media)) == 2


def test_F31_a_row_whose_file_is_gone_is_said(rig, media):
    rig.write(files={"letter.pdf": letter()})
    (name,) = names(rig)
    (path,) = files_in(media)
    path.unlink()
    assert rig.ask("nia", f"/messages/file/{name}/").status == 404
    with pytest.raises(AssertionError, match=name):
        rig.manage("media_audit")


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Two mebibytes for what people upload."""
    folder.mkdir(exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "malpas", folder], capture_output=True)
    if made.returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_F29_a_full_disk_refuses_the_file_keeps_the_words_and_leaves_nothing(rig, media):
    big = pdf_with(lambda pdf: pdf.add_metadata({"/Subject": "x" * 3_000_000}))
    rig.end("web")
    with small_disk(media):
        rig.start_up("web", web={"MEDIA_KEEP_FREE": "0"})
        answer = rig.write("Three boxes", files={"big.pdf": big})
        assert answer.status == 422 and "no room for files" in answer.text and "Three boxes" in answer.text
        assert files_in(media) == [] and rig.one("SELECT count(*) FROM messaging_attachment") == 0
        assert rig.write("Three boxes").status == 302
        assert rig.write("A letter", files={"letter.pdf": letter()}).status == 302
        rig.end("web")
