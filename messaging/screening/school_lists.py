"""Cache the school's lists until SLT changes them."""

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
    """Return the phrases of one kind, of both languages (AU-1, PA-8).

    Families mix the languages.
    """
    return _phrases_of_version(school.lists_version).get(kind, ())


def clear_school_lists_cache() -> None:
    """Clear the caches, for tests and changes outside the admin."""
    _phrases_of_version.cache_clear()
    _replies_of_version.cache_clear()
    _topics_of_version.cache_clear()


@lru_cache(maxsize=4)
def _replies_of_version(_version: int) -> tuple[StandardReply, ...]:
    return tuple(StandardReply.objects.all())


def standard_replies(school: School) -> tuple[StandardReply, ...]:
    """Return the replies for a class, in the school's order."""
    return tuple(one for one in _replies_of_version(school.lists_version) if not one.for_office)


def office_replies(school: School) -> tuple[StandardReply, ...]:
    """Return the replies for the office, in the school's order."""
    found = _replies_of_version(school.lists_version)
    return tuple(one for one in found if one.for_office and one.retired_at is None)


@dataclass(frozen=True)
class OfficeTopic:
    """Hold a topic in the school's own words and the reader's language.

    `after`: what happens next, may be empty.
    """

    topic: Topic
    label: str
    hint: str
    after: str


@lru_cache(maxsize=4)
def _topics_of_version(_version: int) -> dict[str, TopicText]:
    return {row.topic: row for row in TopicText.objects.all()}


def office_topics(school: School) -> list[OfficeTopic]:
    """Return the topics offered to families, in the portal's order (PA-7).

    A topic that the school closed is not offered.
    """
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
