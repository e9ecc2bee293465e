"""The words by which a message for the office is known: the portal's list, with what the school made of it (PA-7)."""

from functools import lru_cache
from pathlib import Path

from accounts.enums import Language
from accounts.models.school import School
from messaging.enums import KeywordWeight
from messaging.models.screening import KeywordRule as OwnKeywordRule
from messaging.screening.topics import Classification, KeywordRule, KeywordRules, classify

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "keyword_rules.tsv"
Key = tuple[str, str, str]


@lru_cache(maxsize=1)
def shipped_keyword_rules() -> dict[Key, str]:
    """(topic, language, words in small letters) → weight, as the portal brings them."""
    rows = (line.split("\t") for line in SHIPPED.read_text().splitlines())
    return {(about, language, pattern): weight for about, weight, language, pattern in rows}


@lru_cache(maxsize=4)
def _keyword_rules_of_version(_version: int) -> KeywordRules:
    weights = dict(shipped_keyword_rules())
    for own in OwnKeywordRule.objects.all():
        weights[own.about, own.language, " ".join(own.pattern.lower().split())] = own.weight
    return KeywordRules(
        KeywordRule(about, weight, pattern, welsh=language == Language.WELSH)
        for (about, language, pattern), weight in weights.items()
        if weight != KeywordWeight.OFF
    )


def keyword_rules(school: School) -> KeywordRules:
    """Every clue in use, of both languages: families mix them. Read again only when SLT has changed one."""
    return _keyword_rules_of_version(school.lists_version)


def clear_keyword_rules_cache() -> None:
    """For tests, and for words changed behind the admin's back."""
    _keyword_rules_of_version.cache_clear()


def office_topic(body: str, school: School) -> Classification | None:
    """Which topic of the office these words seem to belong to; None for a message to the class (PA-7)."""
    return classify(body, keyword_rules(school))
