"""Screen a message before it is sent (AU-1, PA-7, PA-8).

Its writer confirms what seems unkind or misdirected.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models.school import School
from accounts.sessions.rate_limits import CONFIRMATIONS, RateLimit, RateLimited
from malpas.lib.errors import RuleViolation
from messaging.enums import OFFICE, PhraseKind, Topic
from messaging.errors import TooManyMessages
from messaging.screening.keyword_rules import office_topic
from messaging.screening.phrases import phrase_in
from messaging.screening.school_lists import phrases

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class ConfirmationRequired(RuleViolation):
    """Refuse a message until its writer has confirmed `kind` (AU-1, PA-8).

    It is a hint, not an error: `heading` says what about, `sentence` what one can do.
    """

    kind = ""
    heading: "str | StrPromise" = ""


class FaceToFace(ConfirmationRequired):
    kind = PhraseKind.UNKIND
    heading = _("Would you say this face to face?")
    sentence = _("You can change it, or send it as it is.")


class BetterDiscussed(ConfirmationRequired):
    kind = PhraseKind.PROGRESS
    heading = _("This is best talked about")
    sentence = _("You can ask for a meeting about how your child is getting on, or send it as it is.")


class BelongsToOffice(ConfirmationRequired):
    """Offer the office's form for `topic`, with the text kept (PA-7)."""

    kind = OFFICE
    heading = _("This sounds like one for the office")
    sentence = _(
        "%(topic)s: the office sees to it, and the class does not pass it on. Your words go into the office’s "
        "form, or to the class as they are."
    )

    def __init__(self, topic: str) -> None:
        self.topic = Topic(topic)
        super().__init__(self.sentence % {"topic": self.topic.label})


def screen_body(
    body: str, *, by: Actor, confirmed: Collection[str], school: School, descriptions: str = ""
) -> None:
    """Require a confirmation for a text that seems unkind or misdirected.

    Unkind words of anybody (AU-1); of a parent also questions about progress (PA-8) and what seems to
    belong to the office (PA-7). `descriptions`: of photos; they may be unkind too. `confirmed`: the kinds
    that the writer has confirmed. Raises FaceToFace, BetterDiscussed, BelongsToOffice, TooManyMessages.
    """
    holds: list[type[ConfirmationRequired]] = [FaceToFace] if by.is_class else [FaceToFace, BetterDiscussed]
    for error in holds:
        screened = f"{body}\n{descriptions}" if error is FaceToFace else body
        if error.kind not in confirmed and phrase_in(screened, phrases(school, error.kind)):
            raise _count(error(), by)
    if not by.is_class and OFFICE not in confirmed and (found := office_topic(body, school)):
        raise _count(BelongsToOffice(found.about), by)


def _count(error: ConfirmationRequired, by: Actor) -> ConfirmationRequired:
    """Count a screened message like a sent one (A46).

    It costs as much. Raises TooManyMessages.
    """
    try:
        RateLimit((CONFIRMATIONS, by.user.pk)).acquire()
    except RateLimited:
        raise TooManyMessages from None
    return error
