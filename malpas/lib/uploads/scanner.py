"""Ask a virus scanner, where the school has one.

ClamAV's daemon at settings.SCANNER, by its INSTREAM command. The published clients are under the GPL or
unmaintained; we need one command of the protocol.
"""

import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """Report no answer: the file stays without a verdict."""


class ScannerUnsure(ScannerAway):
    """Report an answer that is neither yes nor no.

    Or none to this very file.
    """


def _connect(timeout: float) -> socket.socket:
    place = urlsplit(settings.SCANNER)
    if place.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(timeout)
        line.connect(place.path)
        return line
    return socket.create_connection((place.hostname or "127.0.0.1", place.port or 3310), timeout)


def _ask(data: bytes, timeout: float) -> bytes:
    with _connect(timeout) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            part = data[start : start + CHUNK]
            line.sendall(struct.pack("!L", len(part)) + part)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            more = line.recv(LONGEST_ANSWER)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0").strip()


def finds(data: bytes, *, timeout: float) -> str:
    """Return the name of what the scanner finds in `data`, or ''.

    Also '' where there is no scanner. `timeout`: seconds for each step. Raises ScannerAway, ScannerUnsure.
    """
    if not settings.SCANNER:
        return ""
    try:
        answer = _ask(data, timeout).decode("utf-8", "replace")
    except (
        BrokenPipeError,
        ConnectionResetError,
    ) as error:  # it closed the connection: the file is too long for it
        raise ScannerUnsure(type(error).__name__) from None
    except OSError as error:
        raise ScannerAway(type(error).__name__) from None
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerUnsure(answer[:80])
