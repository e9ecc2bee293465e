"""Send a document to the child process that checks it.

This process reads its first and last bytes only.
"""

import json

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from malpas.lib.uploads.documents.checks import Fault, Unfit, check
from malpas.lib.uploads.sandbox import Exhausted, run_limited

# Sentences for the person who chose the document.
FAULTS = {
    Fault.HEAVY: _("This document is too big. Please choose one under 10 MB."),
    Fault.KIND: _("We take photos and PDF documents. Please save it as a PDF and add that."),
    Fault.LOCKED: _("This PDF asks for a password. Please save it without one and add that."),
    Fault.ACTS: _("This PDF holds a program or other files. Please print it to a new PDF and add that."),
    Fault.COSTLY: _("This PDF takes too long to open safely. Please print it to a new PDF and add that."),
    Fault.BROKEN: _("This PDF is damaged. Please print it to a new PDF and add that."),
}


def read(data: bytes) -> int:
    """Return the number of pages of an accepted document (AU-5). Raises Unfit."""
    check(data, max_bytes=settings.DOCUMENT_MAX_BYTES)
    try:
        answer = json.loads(
            run_limited("malpas.lib.uploads.documents.worker", settings.DOCUMENT_MAX_BYTES, data=data)
        )
    except Exhausted:
        raise Unfit(Fault.COSTLY) from None
    except ValueError:
        raise Unfit(Fault.BROKEN) from None
    if "fault" in answer:
        raise Unfit(Fault(answer["fault"]))
    return answer["pages"]
