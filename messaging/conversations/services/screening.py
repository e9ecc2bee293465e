"""Screen a message before it is sent: its writer confirms what seems unkind or misdirected (AU-1, PA-7, PA-8)."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models.school import School
from accounts.sessions.rate_limits import HELD_WORDS, RateLimit, RateLimited
from malpas.lib.errors import RuleViolation
from messaging.enums import OFFICE, PhraseKind, Topic
from messaging.errors import TooMany
from messaging.screening.keyword_rules import office_topic
from messaging.screening.phrases import phrase_in
from messaging.screening.school_lists import phrases


class ConfirmationRequired(RuleViolation):
    """Held back once (AU-1, PA-8): whoever sends the same again with `confirmed` naming `kind` is not asked again."""

    kind = ""


class FaceToFace(ConfirmationRequired):
    kind = PhraseKind.UNKIND
    sentence = _("Would you say this face to face? You can change it, or send it as it is.")


class BetterDiscussed(ConfirmationRequired):
    kind = PhraseKind.PROGRESS
    sentence = _(
        "How a child is getting on is best talked about. You can ask for a meeting, or send it as it is."
    )


class BelongsToOffice(ConfirmationRequired):
    """`topic`: whose form is offered, with the words kept (PA-7)."""

    kind = OFFICE
    sentence = _(
        "This looks like something for the office: %(topic)s. The class does not pass it on. You can use the "
        "office’s form with your words in it, or send it to the class as it is."
    )

    def __init__(self, topic: str) -> None:
        self.topic = Topic(topic)
        super().__init__(self.sentence % {"topic": self.topic.label})


def screen_body(
    body: str, *, by: Actor, confirmed: Collection[str], school: School, beside: str = ""
) -> None:
    """Holds words back once: unkind ones of anybody (AU-1), a parent's that ask for progress (PA-8) or that seem
    to belong to the office (PA-7).

    `beside`: what is said to be on photos; it may be unkind too. `confirmed` holds the kinds that this writer was asked about. Raises FaceToFace, BetterTalked, BelongsToOffice.
    """
    holds: list[type[ConfirmationRequired]] = [FaceToFace] if by.is_class else [FaceToFace, BetterDiscussed]
    for held in holds:
        said = f"{body}\n{beside}" if held is FaceToFace else body
        if held.kind not in confirmed and phrase_in(said, phrases(school, held.kind)):
            raise _counted(held(), by)
    if not by.is_class and OFFICE not in confirmed and (found := office_topic(body, school)):
        raise _counted(BelongsToOffice(found.about), by)


def _counted(held: ConfirmationRequired, by: Actor) -> ConfirmationRequired:
    """What is held back counts too, for it costs as much as what is sent. Raises TooMany."""
    try:
        RateLimit((HELD_WORDS, by.user.pk)).acquire()
    except RateLimited:
        raise TooMany from None
    return held
