"""Documents by their first and last bytes: a PDF is taken, everything else is refused (AU-5).

What stands in it is looked at in a process of its own (`malpas.lib.uploads.documents.pdf`), so that this one carries no reader. A
document is kept as it came, and is never shown as a page of ours: it is downloaded.
"""

from enum import StrEnum

START = b"%PDF-"
END = b"%%EOF"
FILLING = b"\0\t\n\f\r "  # scanners and mail gateways fill up with these, as much as they like


class Fault(StrEnum):
    HEAVY = "heavy"  # more bytes than allowed
    KIND = "kind"  # no PDF by content
    LOCKED = "locked"  # it asks for a password, so nobody can look into it
    ACTS = "acts"  # it holds a program or another file
    COSTLY = "costly"  # it used up what its reader may take
    BROKEN = "broken"  # it says it is a PDF and cannot be read to its end


class Unfit(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)


def is_pdf(data: bytes) -> bool:
    """By the first bytes, whatever the name or the sender says."""
    return data.startswith(START)


def check(data: bytes, *, max_bytes: int) -> None:
    """Refuses by size and content before anything is read. Raises Unfit."""
    if len(data) > max_bytes:
        raise Unfit(Fault.HEAVY)
    if not is_pdf(data):
        raise Unfit(Fault.KIND)
    if not data.rstrip(FILLING).endswith(END):
        raise Unfit(Fault.BROKEN)  # cut off, or something else hangs behind it
