"""Invitation codes, card tokens and picture codes: how they are made, read back from what people type, and kept. Pure."""

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from hashlib import sha256

from django.conf import settings

from classes.enums import Picture

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base 32 without I, L, O and U, which are read as others
LENGTH = 16  # 16 × 5 bits = 80 bits
GROUP = 4
PICTURES = 3  # in their order, the same one twice if it falls so: 12³ = 1,728 codes
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code() -> str:
    """Sixteen characters, 80 bits from the system's source (PA-1)."""
    return "".join(secrets.choice(ALPHABET) for _slot in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: 'K7QM 4XRD P9TW 2HVC'."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise(typed: str) -> str:
    """The code that somebody typed in any case, with spaces, dashes, O for 0; empty when it is none."""
    if len(typed) > 200:
        return ""
    letters = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(letter for letter in letters if letter.isalnum()).translate(READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def code_hash(code: str) -> str:
    """What the database keeps of a code: useless without the key."""
    return _keyed("invitation", code)


def new_token() -> str:
    """The secret of a pupil's card or of a class's door: 192 bits, safe in an address."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """What the database keeps of a card."""
    return _keyed("card", token)


def class_page_hash(token: str) -> str:
    """What the database keeps of the address of a class's door."""
    return _keyed("class_page", token)


def new_pictures() -> list[Picture]:
    """Three pictures by chance, in the order in which they are to be tapped (PU-4)."""
    return [secrets.choice(list(Picture)) for _slot in range(PICTURES)]


def pictures_hash(pupil_id: int, pictures: Sequence[str]) -> str:
    """What the database keeps of a pupil's pictures. The key is what guards them: a slow hash would not,

    for all 1,728 are tried in a minute and a half by whoever has hash and key.
    """
    return _keyed("pictures", f"{pupil_id}:{'-'.join(pictures)}")


def same(one: str, other: str) -> bool:
    """Equal, found out in the same time wherever they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _keyed(purpose: str, secret: str) -> str:
    key = settings.CODE_KEY.encode()
    return hmac.new(key, f"{purpose}:{secret}".encode("utf-8", "surrogatepass"), sha256).hexdigest()
