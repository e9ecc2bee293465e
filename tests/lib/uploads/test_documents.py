"""Refuse PDFs that may do more than show pages.

Hostile documents are read in a child process only.
"""

import socket
import struct
import subprocess
import sys
import threading
import zlib
from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from malpas.lib.uploads.documents.checks import Fault, Unfit, check
from malpas.lib.uploads.documents.pdf import count_pages
from malpas.lib.uploads.documents.reading import read
from malpas.lib.uploads.scanner import ScannerAway, ScannerUnsure, finds
from tests.files import EICAR, letter, nobody_at, pdf_with, scanner

BIG = 10 * 2**20


def fault_of(data: bytes) -> Fault:
    with pytest.raises(Unfit) as refused:
        read(data)
    return refused.value.fault


def runs(writer: PdfWriter) -> None:
    act = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.root_object[NameObject("/OpenAction")] = act


def launches(writer: PdfWriter) -> None:
    act = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("a.exe")}
    )
    writer.root_object[NameObject("/OpenAction")] = act


def with_name_in_disguise() -> bytes:
    """Write /JavaScript as /J#61vaScript, which readers take for the same."""
    return pdf_with(runs).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4aS")


def packed() -> bytes:
    """Build a PDF whose program lies in a compressed stream.

    The raw bytes do not show it.
    """
    act = b"<< /S /JavaScript /JS (app.alert(1)) >>"
    head = b"5 0 "
    stream = zlib.compress(head + act)
    body = (
        b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
    )
    places = [body.index(b"%d 0 obj" % number) for number in (1, 2, 3)]
    fourth = len(body)
    body += b"4 0 obj\n<< /Type /ObjStm /N 1 /First %d /Length %d /Filter /FlateDecode >>\nstream\n" % (
        len(head),
        len(stream),
    )
    body += stream + b"\nendstream\nendobj\n"
    sixth = len(body)
    rows = b"\0\0\0\0" + b"".join(b"\1" + place.to_bytes(2, "big") + b"\0" for place in [*places, fourth])
    rows += b"\2\0\4\0" + b"\1" + sixth.to_bytes(2, "big") + b"\0"
    body += b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Length %d >>\nstream\n" % len(rows)
    return body + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % sixth


def beside_the_table() -> bytes:
    """Build a PDF with an action outside its object table.

    Our reader does not see it; one that makes its own table does.
    """
    return letter().replace(b"startxref", b"9 0 obj\n<< /S /Launch /F (a.exe) >>\nendobj\nstartxref")


def locked() -> bytes:
    return pdf_with(lambda writer: writer.encrypt("secret"))


def zipped() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as folder:
        folder.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def bomb() -> bytes:
    """Build a page tree that leads back to itself."""
    return letter().replace(b"/Kids [3 0 R]", b"/Kids [1 0 R]")


@pytest.mark.policy("AU-5")
def test_a_letter_is_taken():
    assert read(letter()) == 1 == count_pages(letter())


@pytest.mark.policy("AU-5")
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"<html>%PDF-1.4", Fault.KIND),
        (b"\x89PNG\r\n\x1a\n", Fault.KIND),
        (zipped(), Fault.KIND),
        (b"", Fault.KIND),
        (letter()[:-40], Fault.BROKEN),
        (letter() + b"<script>", Fault.BROKEN),
        (letter() + zipped(), Fault.BROKEN),
        (b"%PDF-1.7\n%%EOF", Fault.BROKEN),
        (locked(), Fault.LOCKED),
        (pdf_with(runs), Fault.ACTS),
        (pdf_with(lambda writer: writer.add_attachment("a.exe", b"MZ")), Fault.ACTS),
        (pdf_with(launches), Fault.ACTS),
        (with_name_in_disguise(), Fault.ACTS),
        (beside_the_table(), Fault.ACTS),
    ],
    ids=[
        "html",
        "png",
        "zip",
        "empty",
        "cut off",
        "tail",
        "zip behind",
        "hollow",
        "locked",
        "js",
        "file",
        "launch",
        "#61",
        "beside the table",
    ],
)
def test_what_is_more_or_less_than_pages_is_refused(data, fault):
    assert fault_of(data) == fault


def test_a_program_in_a_compressed_stream_is_found():
    data = packed()
    assert b"/JavaScript" not in data and PdfReader(BytesIO(data)).pages
    assert fault_of(data) == Fault.ACTS


def test_a_document_that_is_too_big_is_refused_before_it_is_read():
    with pytest.raises(Unfit) as refused:
        check(b"%PDF-" + b"x" * BIG, max_bytes=BIG)
    assert refused.value.fault == Fault.HEAVY


def test_a_document_that_leads_its_reader_in_circles_is_refused():
    assert fault_of(bomb()) == Fault.BROKEN


def test_without_a_scanner_nothing_is_found(settings):
    settings.SCANNER = ""
    assert finds(EICAR, timeout=1) == ""


@pytest.mark.policy("AU-5")
def test_A51_a_scanner_says_what_it_finds(settings):
    with scanner() as desk:
        settings.SCANNER = desk.url
        assert finds(EICAR * 3000, timeout=5) == "Eicar-Signature"
        assert finds(letter(), timeout=5) == ""
        assert desk.seen == [EICAR * 3000, letter()]


@pytest.mark.parametrize("says", [lambda data: b"", lambda data: b"INSTREAM size limit exceeded. ERROR"])
def test_an_answer_that_says_neither_is_no_answer(settings, says):
    with scanner(says) as desk:
        settings.SCANNER = desk.url
        with pytest.raises(ScannerUnsure):
            finds(letter(), timeout=1)


def test_a_scanner_that_hangs_up_in_the_middle_has_not_judged(settings):
    with socket.create_server(("127.0.0.1", 0)) as desk:
        settings.SCANNER = f"tcp://127.0.0.1:{desk.getsockname()[1]}"

        def hang_up() -> None:
            line, _address = desk.accept()
            line.recv(10)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()

        clerk = threading.Thread(target=hang_up)
        clerk.start()
        with pytest.raises(ScannerUnsure):
            finds(b"x" * 20_000_000, timeout=5)
        clerk.join()


def test_a_scanner_that_is_away_or_silent_is_not_waited_for(settings):
    settings.SCANNER = nobody_at()
    with pytest.raises(ScannerAway):
        finds(letter(), timeout=1)
    settings.SCANNER = "unix:///nowhere/clamd.ctl"
    with pytest.raises(ScannerAway):
        finds(letter(), timeout=1)


def test_the_web_carries_no_reader_of_documents():
    """Save 17 MB a process: only the child needs the reader."""
    said = "import sys, malpas.lib.uploads.documents.checks, malpas.lib.uploads.documents.files; print('pypdf' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
