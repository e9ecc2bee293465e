"""Documents and uploads for tests, and a stand-in for the school's virus scanner."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

# What every scanner knows by agreement; in two parts, so that none finds it in this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def letter(words: str = "Dear Class 3") -> bytes:
    """A PDF of one page."""
    paper = FPDF()
    paper.set_creation_date(datetime(2026, 11, 10, 10, tzinfo=UTC))
    paper.add_page()
    paper.set_font("Helvetica")
    paper.cell(text=words)
    return bytes(paper.output())


def pdf_with(change) -> bytes:
    """That letter after `change(writer)`."""
    writer, out = PdfWriter(clone_from=PdfReader(BytesIO(letter()))), BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def upload(data: bytes, name: str = "letter.pdf", kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


class _Desk(socketserver.StreamRequestHandler):
    """Speaks ClamAV's INSTREAM as its manual describes it; `says` decides on what it was sent."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
        self.server.seen.append(data)
        if answer := self.server.says(data):
            self.wfile.write(answer + b"\0")


def judge(data: bytes) -> bytes:
    return b"stream: Eicar-Signature FOUND" if EICAR in data else b"stream: OK"


class Scanner(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, says=judge) -> None:
        super().__init__(("127.0.0.1", 0), _Desk)
        self.says, self.seen = says, []

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def scanner(says=judge) -> Iterator[Scanner]:
    with Scanner(says) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def nobody_at() -> str:
    """The address of a scanner that does not run."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{taken.getsockname()[1]}"
