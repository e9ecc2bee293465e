"""Guessing what a message is about from the words in it: pure, from a list of clues that the school keeps (PA-7).

A clue is a word or a few, in any language: `packed lunch`. A star ends a word that goes on (`vomit*`), three dots
stand for at most four words between (`wont ... school`). Small letters and capitals, accents, apostrophes,
telephone style (`2day`, `pls`) and one slip in a word of six letters or more make no difference; a Welsh clue also
finds its mutations. A guess never blocks and never sends: it only asks.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SURE, MAYBE, HELPS, AGAINST = "sure", "maybe", "helps", "against"
WORTH = {SURE: 2, MAYBE: 1, HELPS: 1, AGAINST: -2}
ORDER = {weight: place for place, weight in enumerate(WORTH)}
ENOUGH = 2
GAP = "..."
WIDEST_GAP = 4
LONG_ENOUGH_FOR_A_SLIP = 6
MOST_PLACES = 6
MOST_LETTERS = (
    10_000  # of a text and of what its letters are taken apart into: one sign may stand for eighteen
)
LONGEST_WORD = 40  # what has more letters is none
MAX_TOKENS = 400  # what a message is about stands in its first words

TELEPHONE_STYLE = {
    "2day": "today", "2dy": "today", "tday": "today", "tody": "today",
    "2moro": "tomorrow", "2morrow": "tomorrow", "tmrw": "tomorrow", "tmw": "tomorrow", "tomoz": "tomorrow",
    "tomoro": "tomorrow", "tomorow": "tomorrow", "2mo": "tomorrow", "tmoro": "tomorrow",
    "2nite": "tonight", "tonite": "tonight", "nite": "night", "2night": "tonight",
    "b": "be", "u": "you", "ur": "your", "r": "are", "4": "for", "2": "to",
    "pls": "please", "plz": "please", "plis": "please", "plse": "please", "skool": "school", "scool": "school",
    "wot": "what", "wat": "what", "agen": "again", "bin": "been", "msg": "message", "fone": "phone",
    "mornin": "morning", "hav": "have", "cud": "could", "shud": "should", "wud": "would", "thx": "thanks",
    "ta": "thanks", "asap": "straightaway", "heddi": "heddiw", "miwn": "mewn", "adra": "adre", "gartre": "adre",
    "gartref": "adre", "adref": "adre", "hes": "he", "shes": "she", "hees": "he",
}  # fmt: skip

# Words of their own, one letter from a clue's.
NO_SLIPS = {"writing", "walking", "mother", "mothers", "matters", "letter", "better", "batter", "winner", "winter",
            "singing", "sitting", "reading", "having", "dinosaur", "places", "please", "pleased", "stated"}  # fmt: skip

# What the first letters of a Welsh word become: soft, nasal, and breathed.
MUTATIONS = {
    "ll": ("l",), "rh": ("r",), "p": ("b", "mh", "ph"), "t": ("d", "nh", "th"), "c": ("g", "ngh", "ch"),
    "b": ("f", "m"), "d": ("dd", "n"), "g": ("", "ng"), "m": ("f",),
}  # fmt: skip


@dataclass(frozen=True)
class KeywordRule:
    """`about` is a topic, or '' for a clue against all of them; `weight` one of sure, maybe, helps, against."""

    about: str
    weight: str
    pattern: str
    welsh: bool = False


@dataclass(frozen=True)
class Classification:
    about: str
    score: int
    found: tuple[str, ...]


def tokens_of(text: str) -> list[str]:
    """The words as they are compared: `Won't b in 2day` → wont, be, in, today."""
    plain = unicodedata.normalize("NFKD", text[:MOST_LETTERS].lower())[:MOST_LETTERS]
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"[’‘`´']", "", plain)
    found = re.findall(r"[a-z0-9]+", re.sub(r"([a-z])\1{2,}", r"\1\1", plain))
    return [TELEPHONE_STYLE.get(word, word) for word in found[:MAX_TOKENS] if len(word) <= LONGEST_WORD]


def mutations(word: str) -> tuple[str, ...]:
    """A Welsh word and what it may begin with after another: cinio, ginio, nghinio, chinio."""
    for first in ("ll", "rh"):
        if word.startswith(first):
            return (word, *(begin + word[2:] for begin in MUTATIONS[first]))
    if word.startswith(("ch", "ph", "th", "dd", "ff")) or word[:1] not in MUTATIONS or len(word) < 3:
        return (word,)
    return (word, *(begin + word[1:] for begin in MUTATIONS[word[0]]))


def one_slip(one: str, other: str) -> bool:
    """One letter wrong, missing, too many, or two changed about; the first letter is right."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or one[:1] != other[:1]:
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    if len(one) == len(other):
        swapped = one[:at] + one[at + 1 : at + 2] + one[at : at + 1] + one[at + 2 :]
        return one[at + 1 :] == other[at + 1 :] or swapped == other
    short, long = sorted((one, other), key=len)
    return short[at:] == long[at + 1 :]


def _parts(pattern: str, welsh: bool) -> list[tuple[tuple[str, ...], bool, bool]]:
    """The words of a pattern: (its forms, does it go on, may words stand before it)."""
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


def _shorter(word: str) -> set[str]:
    """The word, and what it becomes when one letter after the first is left out: two with one slip share one."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(1, len(word)))}


class KeywordRules:
    """Clues made ready, once for many messages: from a word to the patterns it may stand in, not the other way.

    A part is one word of a pattern, by its number: what it may look like, and whether it goes on.
    """

    def __init__(self, keyword_rules: Iterable[KeywordRule]) -> None:
        self.keyword_rules = tuple(keyword_rules)
        self._numbers: dict[tuple[tuple[str, ...], bool], int] = {}
        self._same: dict[str, set[int]] = {}
        self._beginnings: dict[str, set[int]] = {}
        self._slips: dict[str, set[tuple[str, int]]] = {}
        self._patterns = [
            [
                (self._part(forms, goes_on), gap)
                for forms, goes_on, gap in _parts(keyword_rule.pattern, keyword_rule.welsh)
            ]
            for keyword_rule in self.keyword_rules
        ]
        self._starting: dict[int, list[int]] = {}
        for place, pattern in enumerate(self._patterns):
            if pattern:
                self._starting.setdefault(pattern[0][0], []).append(place)

    def _part(self, forms: tuple[str, ...], goes_on: bool) -> int:
        number = self._numbers.setdefault((forms, goes_on), len(self._numbers))
        for form in forms:
            known = self._beginnings if goes_on else self._same
            known.setdefault(form, set()).add(number)
            if not goes_on and len(form) >= LONG_ENOUGH_FOR_A_SLIP:
                for less in _shorter(form):
                    self._slips.setdefault(less, set()).add((form, number))
        return number

    def _may_be(self, word: str) -> set[int]:
        """The parts that this word of a message is."""
        found = set(self._same.get(word, ()))
        for length in range(1, len(word) + 1):
            found |= self._beginnings.get(word[:length], set())
        if len(word) >= LONG_ENOUGH_FOR_A_SLIP - 1 and word not in NO_SLIPS:
            near = set().union(*(self._slips.get(less, set()) for less in _shorter(word)))
            found |= {number for form, number in near if one_slip(word, form)}
        return found

    def found_in(self, text: str) -> list[tuple[KeywordRule, frozenset[int]]]:
        """Each clue that the text holds, in their order, with the places of its words."""
        places: dict[str, list[int]] = {}
        for place, word in enumerate(tokens_of(text)):
            if len(at := places.setdefault(word, [])) < MOST_PLACES:
                at.append(place)
        where: dict[int, list[int]] = {}
        for word, at in places.items():
            for number in self._may_be(word):
                where.setdefault(number, []).extend(at)
        begun = sorted(place for number in where for place in self._starting.get(number, ()))
        found = ((self.keyword_rules[place], _spots(self._patterns[place], where)) for place in begun)
        return [(keyword_rule, spots) for keyword_rule, spots in found if spots]


def _spots(pattern: Sequence[tuple[int, bool]], where: Mapping[int, Sequence[int]]) -> frozenset[int]:
    """The places of the words of the pattern, where they stand in its order; empty where they do not."""
    trails: list[tuple[int, ...]] = [(at,) for at in where.get(pattern[0][0], ())]
    for number, gap in pattern[1:]:
        reach = range(1, (WIDEST_GAP if gap else 0) + 2)
        trails = [(*trail, at) for at in where.get(number, ()) for trail in trails if at - trail[-1] in reach]
    return frozenset(at for trail in trails for at in trail)


def classify(text: str, keyword_rules: KeywordRules | Iterable[KeywordRule]) -> Classification | None:
    """What the text is most likely about, or None where no topic has enough. Shape: at most one guess.

    A topic needs one sure clue, two that may be, or one that may be and one that helps. No word counts twice
    for a topic. What speaks against a topic, or against all, takes as much away as a sure clue gives, and the
    words it stands on with it: "no urgent reply needed" holds no "urgent".
    """
    ready = keyword_rules if isinstance(keyword_rules, KeywordRules) else KeywordRules(keyword_rules)
    found = ready.found_in(text)
    topics = dict.fromkeys(
        keyword_rule.about
        for keyword_rule, _spots in found
        if keyword_rule.about and keyword_rule.weight != AGAINST
    )
    best = max((_weigh(topic, found) for topic in topics), key=lambda one: one.score, default=None)
    return best if best and best.score >= ENOUGH else None


def _weigh(topic: str, found: Sequence[tuple[KeywordRule, frozenset[int]]]) -> Classification:
    own = [(keyword_rule, spots) for keyword_rule, spots in found if keyword_rule.about in (topic, "")]
    against = [spots for keyword_rule, spots in own if keyword_rule.weight == AGAINST]
    taken = set().union(*against)
    score, helped, patterns = 0, False, []
    for keyword_rule, spots in sorted(own, key=lambda one: (ORDER[one[0].weight], -len(one[1]))):
        if keyword_rule.weight == AGAINST or spots <= taken:
            continue
        taken |= spots
        patterns.append(keyword_rule.pattern)
        helped = helped or keyword_rule.weight == HELPS
        score += WORTH[keyword_rule.weight] if keyword_rule.weight != HELPS else 0
    return Classification(topic, score + (helped and score > 0) - 2 * bool(against), tuple(patterns))
