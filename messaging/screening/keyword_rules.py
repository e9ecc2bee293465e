"""Combine the portal's keyword rules with the school's own (PA-7)."""

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
    """Map (topic, language, pattern in small letters) to weight, as shipped."""
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
    """Return every rule in use, of both languages: families mix them.

    Read again only when SLT has changed one.
    """
    return _keyword_rules_of_version(school.lists_version)


def clear_keyword_rules_cache() -> None:
    """Clear the cache, for tests and changes outside the admin."""
    _keyword_rules_of_version.cache_clear()


def office_topic(body: str, school: School) -> Classification | None:
    """Classify a message; None for one to the class (PA-7)."""
    return classify(body, keyword_rules(school))
