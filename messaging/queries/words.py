"""Words that the school keeps, read again only when SLT has changed them."""

from functools import lru_cache

from accounts.models import School
from messaging.models import Phrase, StandardReply


@lru_cache(maxsize=4)
def _phrases_of_version(version: int) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for kind, words in Phrase.objects.values_list("kind", "words"):
        found.setdefault(kind, []).append(words)
    return {kind: tuple(words) for kind, words in found.items()}


def phrases(school: School, kind: str) -> tuple[str, ...]:
    """The phrases of one kind, of both languages: families mix them (AU-1, PA-8)."""
    return _phrases_of_version(school.words_version).get(kind, ())


def forget_words() -> None:
    """For tests, and for words changed behind the admin's back."""
    _phrases_of_version.cache_clear()
    _replies_of_version.cache_clear()


@lru_cache(maxsize=4)
def _replies_of_version(version: int) -> tuple[StandardReply, ...]:
    return tuple(StandardReply.objects.all())


def standard_replies(school: School) -> tuple[StandardReply, ...]:
    """The replies that the class may put into its answer, in the school's order."""
    return _replies_of_version(school.words_version)
