"""What must not stand in a log: an address that opens a door."""

import logging
import re

SECRET_PATH = re.compile(r"(/(?:join|pupil/card|pupil/class|account/password/reset/key)/)[^/\s\"']+")


def without_secrets(text: str) -> str:
    """The text with codes, cards and reset keys in addresses masked."""
    return SECRET_PATH.sub(r"\1…", text)


class NoSecrets(logging.Filter):
    """Masks them in a record before any handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), None
        return True


class RefusalsInOneLine(logging.Filter):
    """Drop the traceback of what Django refused: a 403 or a broken upload is no fault of ours, a 500 is."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.") and 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = record.stack_info = None
            record.msg, record.args = " ".join(record.getMessage().split()), None
        return True
