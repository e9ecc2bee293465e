"""Words that the school keeps, read again only when SLT has changed them."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from accounts.enums import Language
from accounts.models.school import School
from messaging.enums import ALWAYS, HINTS, Topic
from messaging.models.screening import Phrase, StandardReply, TopicText


@lru_cache(maxsize=4)
def _phrases_of_version(_version: int) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for kind, text in Phrase.objects.values_list("kind", "text"):
        found.setdefault(kind, []).append(text)
    return {kind: tuple(texts) for kind, texts in found.items()}


def phrases(school: School, kind: str) -> tuple[str, ...]:
    """The phrases of one kind, of both languages: families mix them (AU-1, PA-8)."""
    return _phrases_of_version(school.lists_version).get(kind, ())


def clear_school_lists_cache() -> None:
    """For tests, and for words changed behind the admin's back."""
    _phrases_of_version.cache_clear()
    _replies_of_version.cache_clear()
    _topics_of_version.cache_clear()


@lru_cache(maxsize=4)
def _replies_of_version(_version: int) -> tuple[StandardReply, ...]:
    return tuple(StandardReply.objects.all())


def standard_replies(school: School) -> tuple[StandardReply, ...]:
    """The replies that the class may put into its answer, in the school's order."""
    return tuple(one for one in _replies_of_version(school.lists_version) if not one.for_office)


def office_replies(school: School) -> tuple[StandardReply, ...]:
    """The same for the office."""
    return tuple(one for one in _replies_of_version(school.lists_version) if one.for_office)


@dataclass(frozen=True)
class OfficeTopic:
    """A topic in the school's own words, in the reader's language; `after`: what happens next, may be empty."""

    topic: Topic
    label: str
    hint: str
    after: str


@lru_cache(maxsize=4)
def _topics_of_version(_version: int) -> dict[str, TopicText]:
    return {row.topic: row for row in TopicText.objects.all()}


def office_topics(school: School) -> list[OfficeTopic]:
    """What a family may choose from, in the portal's order; a topic that the school closed is left out (PA-7)."""
    own, suffix = _topics_of_version(school.lists_version), "cy" if get_language() == Language.WELSH else "en"
    found = []
    for topic in Topic:
        row = own.get(topic)
        if row and row.is_closed and topic not in ALWAYS:
            continue
        own_text = {
            name: getattr(row, f"{name}_{suffix}", "") if row else "" for name in ("label", "hint", "next")
        }
        label, hint = own_text["label"] or str(topic.label), own_text["hint"] or str(HINTS[topic])
        found.append(OfficeTopic(topic, label, hint, own_text["next"]))
    return found
