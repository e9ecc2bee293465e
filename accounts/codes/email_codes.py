"""Check e-mailed codes whose hashes the session stores.

They work for some minutes and some tries. Codes for signing in and for confirming an address at sign-up are
allauth's.
"""

from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.sessions.rate_limits import Limit, RateLimit, RateLimited
from malpas.lib.text import letters_of_code


class CodePolicy(NamedTuple):
    """The rules of a kind of code.

    `purpose` salts the hashes; `limit` is the number of tries.
    """

    purpose: str
    life: timedelta
    limit: Limit


class SentCodes(TypedDict):
    """What the session stores of codes sent at once.

    Their hashes, never the codes.
    """

    hashes: list[str]
    sent_at: str
    tries: int


class CodesExpired(Exception):
    """The codes are too old, or were tried too often."""


def _hash(policy: CodePolicy, code: str) -> str:
    return salted_hmac(policy.purpose, letters_of_code(code), algorithm="sha256").hexdigest()


def remember(policy: CodePolicy, *codes: str, at: datetime) -> SentCodes:
    """Return what the session stores of these codes."""
    hashes = [_hash(policy, code) for code in codes]
    return SentCodes(hashes=hashes, sent_at=at.isoformat(), tries=0)


def is_current(policy: CodePolicy, sent: SentCodes, *, at: datetime) -> bool:
    """Return whether the codes may still be tried."""
    in_time = at - datetime.fromisoformat(sent["sent_at"]) <= policy.life
    return in_time and sent["tries"] < policy.limit.amount


def are_right(policy: CodePolicy, sent: SentCodes, *typed: str, at: datetime) -> bool:
    """Return whether the typed codes are those that were sent, in that order.

    The caller stores one more try in the session. Tries are also counted for all processes, because parallel requests
    each begin with the session's same count. Raises CodesExpired.
    """
    if not is_current(policy, sent, at=at):
        raise CodesExpired
    try:
        RateLimit((policy.limit, ":".join(sent["hashes"]))).acquire()
    except RateLimited:
        raise CodesExpired from None
    pairs = zip(typed, sent["hashes"], strict=True)
    same = [constant_time_compare(_hash(policy, code), known) for code, known in pairs]
    return all(same)
