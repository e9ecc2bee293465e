"""Clean and check a text that somebody writes."""

from django.utils.translation import gettext_lazy as _

from malpas.lib.errors import RuleViolation
from malpas.lib.text import clean_body, is_blank
from messaging.models.conversations import MAX_BODY


class EmptyBody(RuleViolation):
    sentence = _("Please write something first.")


class BodyTooLong(RuleViolation):
    sentence = _("That is longer than 5,000 letters. Please shorten it, or ask for a meeting.")


def require_body(body: str) -> str:
    """Return the cleaned text. Raises EmptyBody, BodyTooLong (5,000 characters)."""
    cleaned = clean_body(body)
    if is_blank(cleaned):
        raise EmptyBody
    if len(cleaned) > MAX_BODY:
        raise BodyTooLong
    return cleaned
