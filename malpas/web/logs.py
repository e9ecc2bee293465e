"""Keep secrets out of the logs, and refused requests short."""

import logging
import re

SECRET_PATH = re.compile(r"(/(?:join|pupil/card|pupil/class|account/password/reset/key)/)[^/\s\"']+")


def without_secrets(text: str) -> str:
    """Mask codes, cards and reset keys in the addresses of a text."""
    return SECRET_PATH.sub(r"\1…", text)


class NoSecrets(logging.Filter):
    """Mask secrets in a record before any handler writes it."""

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
