"""Classify messages by keyword rules of the school (PA-7).

No query, no setting. The pattern of a keyword rule is a word or a few, in any language: `packed lunch`. A
star ends a word that goes on (`vomit*`), three dots stand for at most four words between (`wont ...
school`). Words are compared as `messaging.screening.matching` says; a Welsh rule also finds the mutations
of its words. A classification never blocks and never sends a message: the writer is asked to confirm.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from messaging.screening.matching import (
    LONG_ENOUGH_FOR_A_TYPO,
    differs_by_one,
    may_be_typo,
    tokens_of,
    with_one_letter_less,
)

SURE, MAYBE, HELPS, AGAINST = "sure", "maybe", "helps", "against"
WORTH = {SURE: 2, MAYBE: 1, HELPS: 1, AGAINST: -2}
ORDER = {weight: rank for rank, weight in enumerate(WORTH)}
ENOUGH = 2
GAP = "..."
WIDEST_GAP = 4
MOST_POSITIONS = 6  # of one word in a text

# What the first letters of a Welsh word become: soft, nasal, and breathed.
MUTATIONS = {
    "ll": ("l",), "rh": ("r",), "p": ("b", "mh", "ph"), "t": ("d", "nh", "th"), "c": ("g", "ngh", "ch"),
    "b": ("f", "m"), "d": ("dd", "n"), "g": ("", "ng"), "m": ("f",),
}  # fmt: skip


@dataclass(frozen=True)
class KeywordRule:
    """Describe one keyword.

    `about`: a topic, or '' for a rule against all of them. `weight`: sure, maybe, helps or against.
    """

    about: str
    weight: str
    pattern: str
    welsh: bool = False


@dataclass(frozen=True)
class Classification:
    """Hold the topic of a text, its score and the patterns found."""

    about: str
    score: int
    found: tuple[str, ...]


def mutations(word: str) -> tuple[str, ...]:
    """Return a Welsh word with its mutations: cinio, ginio, nghinio, chinio."""
    for first in ("ll", "rh"):
        if word.startswith(first):
            return (word, *(begin + word[2:] for begin in MUTATIONS[first]))
    if word.startswith(("ch", "ph", "th", "dd", "ff")) or word[:1] not in MUTATIONS or len(word) < 3:
        return (word,)
    return (word, *(begin + word[1:] for begin in MUTATIONS[word[0]]))


def _parts(pattern: str, welsh: bool) -> list[tuple[tuple[str, ...], bool, bool]]:
    """Split a pattern into words: (forms, goes on, gap before it)."""
    parts, gap = [], False
    for piece in pattern.split():
        if piece == GAP:
            gap = True
            continue
        for word in tokens_of(piece):
            forms = mutations(word) if welsh else (word,)
            parts.append((forms, piece.endswith("*"), gap))
            gap = False
    if len(parts) == 1:  # a short mutation that stands alone may be an English word: cot, got
        forms, goes_on, gap = parts[0]
        parts = [((forms[0], *(form for form in forms[1:] if len(form) > 3)), goes_on, gap)]
    return parts


class KeywordRules:
    """Index keyword rules once for many messages.

    From a word to the patterns that hold it. A part is one word of a pattern, by its number: its forms, and
    whether it goes on.
    """

    def __init__(self, keyword_rules: Iterable[KeywordRule]) -> None:
        self.keyword_rules = tuple(keyword_rules)
        self._numbers: dict[tuple[tuple[str, ...], bool], int] = {}
        self._same: dict[str, set[int]] = {}
        self._beginnings: dict[str, set[int]] = {}
        self._typos: dict[str, set[tuple[str, int]]] = {}
        self._patterns = [
            [
                (self._part(forms, goes_on), gap)
                for forms, goes_on, gap in _parts(keyword_rule.pattern, keyword_rule.welsh)
            ]
            for keyword_rule in self.keyword_rules
        ]
        self._starting: dict[int, list[int]] = {}
        for index, pattern in enumerate(self._patterns):
            if pattern:
                self._starting.setdefault(pattern[0][0], []).append(index)

    def _part(self, forms: tuple[str, ...], goes_on: bool) -> int:
        number = self._numbers.setdefault((forms, goes_on), len(self._numbers))
        for form in forms:
            known = self._beginnings if goes_on else self._same
            known.setdefault(form, set()).add(number)
            if not goes_on and len(form) >= LONG_ENOUGH_FOR_A_TYPO:
                for less in with_one_letter_less(form):
                    self._typos.setdefault(less, set()).add((form, number))
        return number

    def _may_be(self, word: str) -> set[int]:
        """Return the parts that this word of a message matches."""
        found = set(self._same.get(word, ()))
        for length in range(1, len(word) + 1):
            found |= self._beginnings.get(word[:length], set())
        if may_be_typo(word):
            near = set().union(*(self._typos.get(less, set()) for less in with_one_letter_less(word)))
            found |= {number for form, number in near if differs_by_one(word, form)}
        return found

    def found_in(self, text: str) -> list[tuple[KeywordRule, frozenset[int]]]:
        """Return each rule that the text matches, with its words' positions."""
        by_word: dict[str, list[int]] = {}
        for position, word in enumerate(tokens_of(text)):
            if len(at := by_word.setdefault(word, [])) < MOST_POSITIONS:
                at.append(position)
        where: dict[int, list[int]] = {}
        for word, at in by_word.items():
            for number in self._may_be(word):
                where.setdefault(number, []).extend(at)
        begun = sorted(index for number in where for index in self._starting.get(number, ()))
        found = ((self.keyword_rules[index], _positions(self._patterns[index], where)) for index in begun)
        return [(keyword_rule, positions) for keyword_rule, positions in found if positions]


def _positions(pattern: Sequence[tuple[int, bool]], where: Mapping[int, Sequence[int]]) -> frozenset[int]:
    """Return the positions of a pattern's words in order.

    Empty without a match.
    """
    trails: list[tuple[int, ...]] = [(at,) for at in where.get(pattern[0][0], ())]
    for number, gap in pattern[1:]:
        reach = range(1, (WIDEST_GAP if gap else 0) + 2)
        trails = [(*trail, at) for at in where.get(number, ()) for trail in trails if at - trail[-1] in reach]
    return frozenset(at for trail in trails for at in trail)


def classify(text: str, keyword_rules: KeywordRules | Iterable[KeywordRule]) -> Classification | None:
    """Return what the text is most likely about, or None.

    A topic needs one sure rule, two maybe, or one maybe and one that helps. No word counts twice for a
    topic. A rule against a topic, or against all, takes as much away as a sure rule gives, and the words
    that it matches: "no urgent reply needed" holds no "urgent".
    """
    ready = keyword_rules if isinstance(keyword_rules, KeywordRules) else KeywordRules(keyword_rules)
    found = ready.found_in(text)
    topics = dict.fromkeys(
        keyword_rule.about
        for keyword_rule, _found in found
        if keyword_rule.about and keyword_rule.weight != AGAINST
    )
    best = max((_weigh(topic, found) for topic in topics), key=lambda one: one.score, default=None)
    return best if best and best.score >= ENOUGH else None


def _weigh(topic: str, found: Sequence[tuple[KeywordRule, frozenset[int]]]) -> Classification:
    own = [
        (keyword_rule, positions) for keyword_rule, positions in found if keyword_rule.about in (topic, "")
    ]
    against = [positions for keyword_rule, positions in own if keyword_rule.weight == AGAINST]
    taken = set().union(*against)
    score, helped, patterns = 0, False, []
    for keyword_rule, positions in sorted(own, key=lambda one: (ORDER[one[0].weight], -len(one[1]))):
        if keyword_rule.weight == AGAINST or positions <= taken:
            continue
        taken |= positions
        patterns.append(keyword_rule.pattern)
        helped = helped or keyword_rule.weight == HELPS
        score += WORTH[keyword_rule.weight] if keyword_rule.weight != HELPS else 0
    return Classification(topic, score + (helped and score > 0) - 2 * bool(against), tuple(patterns))
