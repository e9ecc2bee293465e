"""Take only PDFs, by their first and last bytes (AU-5).

Its contents are checked in a process of its own (`malpas.lib.uploads.documents.pdf`), so that this one
needs no reader. A document is stored as it came and never shown as a page of ours: it is downloaded.
"""

from enum import StrEnum

START = b"%PDF-"
END = b"%%EOF"
FILLING = b"\0\t\n\f\r "  # scanners and mail gateways pad files with these


class Fault(StrEnum):
    """Say what is wrong with a document."""

    HEAVY = "heavy"  # more bytes than allowed
    KIND = "kind"  # no PDF by content
    LOCKED = "locked"  # it asks for a password, so it cannot be checked
    ACTS = "acts"  # it holds a program or another file
    COSTLY = "costly"  # it used up what its reader may take
    BROKEN = "broken"  # it says it is a PDF and cannot be read to its end


class Unfit(Exception):
    """Refuse a document for its `fault`."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)


def is_pdf(data: bytes) -> bool:
    """Tell by the first bytes whether it is a PDF.

    Whatever its name or the sender says.
    """
    return data.startswith(START)


def check(data: bytes, *, max_bytes: int) -> None:
    """Refuse by size and content before anything is read. Raises Unfit."""
    if len(data) > max_bytes:
        raise Unfit(Fault.HEAVY)
    if not is_pdf(data):
        raise Unfit(Fault.KIND)
    if not data.rstrip(FILLING).endswith(END):
        raise Unfit(Fault.BROKEN)  # cut off, or followed by something else
