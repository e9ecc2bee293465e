"""Encrypt content that is stored in the database for a short time.

Pure. A copy of the database does not give it away.
"""

import hmac
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class NotSealedHere(Exception):
    """The content was encrypted with another key, or for another row."""


def seal(content: bytes, key: UUID) -> bytes:
    """Encrypt content for the row of this key: nonce, then ciphertext (AES-256-GCM)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, content, None)


def unseal(sealed: bytes, key: UUID) -> bytes:
    """Decrypt what was encrypted for this key. Raises NotSealedHere."""
    try:
        return _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
    except (InvalidTag, ValueError):
        raise NotSealedHere from None


def _cipher(key: UUID) -> AESGCM:
    """Return the cipher of this key.

    The secret is in the environment, as that of the codes' hashes is, and never in the database.
    """
    return AESGCM(hmac.digest(settings.CODE_KEY.encode(), f"letters:{key}".encode(), "sha256"))
