"""Refuse breached, common and school-related passwords (AU-6).

zxcvbn brings lists of breached and common passwords, names and keyboard rows (MIT), beside Django's 20,000. The
school's names and the year are added here.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models.people import User
from accounts.models.school import School

LONG_ENOUGH = 40  # nobody guesses a phrase this long, whatever its words
ENOUGH_GUESSES = 8  # ten to the power of
ENOUGH_OF_ONES_OWN = 5  # letters that remain without the obvious words

PLAIN = str.maketrans("013456789@$!|€+", "oieasgtbgasiiet")
_WORDS = """
    spring summer autumn winter gwanwyn haf hydref gaeaf school primary ysgol gynradd teacher athro parent pupil class
    monday tuesday wednesday thursday friday saturday sunday llun mawrth mercher iau gwener sadwrn sul dydd
    january february march april may june july august september october november december
    ionawr chwefror ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr
    password cyfrinair welcome croeso letmein hello helo login admin portal newport casnewydd caerdydd cardiff
    abertawe swansea wales cymru cymraeg welsh dragon draig daffodil rugby football liverpool chelsea arsenal
    the and my our year blwyddyn
"""
OBVIOUS = frozenset(_WORDS.split())


def plain_letters(text: str) -> str:
    """Return 'M4lp@s Côurt' as 'malpascourt': lower case, no accents, digits as letters."""
    bare = unicodedata.normalize("NFKD", text).casefold().translate(PLAIN)
    return "".join(letter for letter in bare if letter.isalpha())


def remaining_letters(password: str, words: AbstractSet[str]) -> int:
    """Return how many letters remain without these words and trailing digits."""
    letters = plain_letters(re.sub(r"[\W\d_]+$", "", password))
    for word in sorted(words, key=len, reverse=True):
        letters = letters.replace(word, "")
    return len(letters)


def guesses(password: str, words: AbstractSet[str]) -> float:
    """Return the power of ten of the tries a knowing person needs."""
    from zxcvbn import zxcvbn  # imported late: its lists take memory, and only choosing a password needs them

    return float(zxcvbn(password, user_inputs=sorted(words), max_length=LONG_ENOUGH)["guesses_log10"])


class ObviousPasswordValidator:
    """Refuse breached passwords and obvious names with a year.

    Obvious are the school's, the season's and one's own.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) >= LONG_ENOUGH:
            return
        words = OBVIOUS | self.school_words() | self.personal_words(user)
        if (
            remaining_letters(password, words) < ENOUGH_OF_ONES_OWN
            or guesses(password, words) < ENOUGH_GUESSES
        ):
            raise ValidationError(self.get_error_message(), code="password_obvious")

    def get_error_message(self) -> str:
        return _("Many people could guess this password. Use 3 or 4 words that do not belong together.")

    def get_help_text(self) -> str:
        return _("Use 3 or 4 words that do not belong together.")

    def school_words(self) -> set[str]:
        school = School.objects.here()
        names = [school.name_en, school.name_cy, school.short_name_en, school.short_name_cy]
        return self._words(" ".join(names))

    def personal_words(self, user: User | None) -> set[str]:
        return self._words(f"{user.name} {user.email or ''}") if user else set()

    def _words(self, text: str) -> set[str]:
        found = (plain_letters(word) for word in re.split(r"[\s@.\-_]+", text))
        return {word for word in found if len(word) > 2}
