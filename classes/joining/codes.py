"""Make, read and hash codes, card tokens and picture codes. Pure."""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

from django.conf import settings

from classes.enums import Picture
from malpas.lib.text import letters_of_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base 32 without I, L, O and U, which are easily misread
LENGTH = 16  # 16 × 5 bits = 80 bits
GROUP = 4
PICTURES = 3  # in order, repeats allowed: 12³ = 1,728 codes
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code() -> str:
    """Return sixteen characters: 80 bits from the system's source (PA-1)."""
    return "".join(secrets.choice(ALPHABET) for _slot in range(LENGTH))


def grouped(code: str) -> str:
    """Return a code as printed: 'K7QM 4XRD P9TW 2HVC'."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise(typed: str) -> str:
    """Return the code that somebody typed, or ''.

    In any case, with spaces and dashes, O for 0.
    """
    if len(typed) > 200:
        return ""
    code = letters_of_code(typed).translate(READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def code_hash(code: str) -> str:
    """Return the keyed hash of a code; useless without the key."""
    return _keyed("invitation", code)


def new_token() -> str:
    """Return the secret of a card or class page: 192 bits, URL-safe."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """Return the keyed hash of a card's token."""
    return _keyed("card", token)


def class_page_hash(token: str) -> str:
    """Return the keyed hash of a class page's token."""
    return _keyed("class_page", token)


def new_pictures() -> list[Picture]:
    """Return three random pictures, in the order to tap them (PU-4)."""
    return [secrets.choice(list(Picture)) for _slot in range(PICTURES)]


def pictures_hash(pupil_id: int, pictures: Sequence[str]) -> str:
    """Return the keyed hash of a pupil's pictures.

    The key guards them: a slow hash would not, because all 1,728 are tried in a minute and a half by somebody who has
    hash and key.
    """
    return _keyed("pictures", f"{pupil_id}:{'-'.join(pictures)}")


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _keyed(purpose: str, secret: str) -> str:
    key = settings.CODE_KEY.encode()
    return hmac.new(key, f"{purpose}:{secret}".encode("utf-8", "surrogatepass"), sha256).hexdigest()
