"""Normalise text and forgive typos, for topics and phrases.

One rule for both lists (PA-7, PA-8, AU-1). Case, accents, apostrophes and one typo in a word of six letters
or more make no difference. No query, no setting.
"""

import re
import unicodedata

MOST_LETTERS = 10_000  # of a text, before and after it is decomposed: one sign may become eighteen letters
LONGEST_WORD = 40  # a longer run of letters is no word
MAX_TOKENS = 400  # the first words of a text tell what it is about
LONG_ENOUGH_FOR_A_TYPO = 6

# Text-message spelling, and what it stands for.
TEXT_SPEAK = {
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

# Words in their own right that are one letter away from a word of a list.
NO_TYPOS = {"writing", "walking", "mother", "mothers", "matters", "letter", "better", "batter", "winner", "winter",
            "singing", "sitting", "reading", "having", "dinosaur", "places", "please", "pleased", "stated"}  # fmt: skip


def normalise(text: str) -> str:
    """Return the text in small letters, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text[:MOST_LETTERS].casefold())[:MOST_LETTERS]
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[’‘`´']", "", plain)


def tokens_of(text: str) -> list[str]:
    """Return the words of a text for comparison.

    `Won't b in 2day` becomes wont, be, in, today.
    """
    plain = re.sub(r"([a-z])\1{2,}", r"\1\1", normalise(text))
    found = re.findall(r"[a-z0-9]+", plain)
    return [TEXT_SPEAK.get(word, word) for word in found[:MAX_TOKENS] if len(word) <= LONGEST_WORD]


def may_be_typo(word: str) -> bool:
    """Tell whether a word may be a misspelling of another one."""
    return len(word) >= LONG_ENOUGH_FOR_A_TYPO - 1 and word not in NO_TYPOS


def is_typo(word: str, meant: str) -> bool:
    """Tell whether `word` is `meant` with one typo.

    Only for a `meant` of six letters or more.
    """
    return len(meant) >= LONG_ENOUGH_FOR_A_TYPO and may_be_typo(word) and differs_by_one(word, meant)


def differs_by_one(one: str, other: str) -> bool:
    """Tell whether two words differ by at most one letter.

    A letter is wrong, missing, extra, or swapped with the next. The first letter is always right.
    """
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


def with_one_letter_less(word: str) -> set[str]:
    """Return the word and its forms without one letter.

    Not without the first. Two words that differ by one letter share a form.
    """
    return {word, *(word[:n] + word[n + 1 :] for n in range(1, len(word)))}
