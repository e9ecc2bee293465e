"""The words by which a message for the office is known: the portal's list, with what the school made of it (PA-7)."""

from functools import lru_cache
from pathlib import Path

from accounts.enums import Language
from accounts.models.school import School
from messaging.enums import ClueWeight
from messaging.models.screening import Clue as OwnClue
from messaging.screening.topics import Clue, Clues, Guess, guess

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "clues.tsv"
Key = tuple[str, str, str]


@lru_cache(maxsize=1)
def shipped_clues() -> dict[Key, str]:
    """(topic, language, words in small letters) → weight, as the portal brings them."""
    rows = (line.split("\t") for line in SHIPPED.read_text().splitlines())
    return {(about, language, words): weight for about, weight, language, words in rows}


@lru_cache(maxsize=4)
def _clues_of_version(_version: int) -> Clues:
    weights = dict(shipped_clues())
    for own in OwnClue.objects.all():
        weights[own.about, own.language, " ".join(own.words.lower().split())] = own.weight
    return Clues(
        Clue(about, weight, words, welsh=language == Language.WELSH)
        for (about, language, words), weight in weights.items()
        if weight != ClueWeight.OFF
    )


def clues(school: School) -> Clues:
    """Every clue in use, of both languages: families mix them. Read again only when SLT has changed one."""
    return _clues_of_version(school.words_version)


def forget_clues() -> None:
    """For tests, and for words changed behind the admin's back."""
    _clues_of_version.cache_clear()


def office_topic(body: str, school: School) -> Guess | None:
    """Which topic of the office these words seem to belong to; None for a message to the class (PA-7)."""
    return guess(body, clues(school))
