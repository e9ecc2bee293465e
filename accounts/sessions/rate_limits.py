"""Limit wrong answers, so that guessing is slowed and locked out (PA-1, AU-6).

Redis counts for all processes. While it is down each process counts alone with a smaller limit: limits never
open.
"""

import ipaddress
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from malpas.lib.errors import RuleViolation
from malpas.lib.machine_slots import Busy
from malpas.lib.outage import Outage, end_outages

log = logging.getLogger(__name__)


class RateLimited(RuleViolation):
    """A limit is reached; `bucket` is its name."""

    sentence = _("That was a lot of tries. Please wait 15 minutes, or telephone the office.")

    def __init__(self, bucket: str = "") -> None:
        super().__init__()
        self.bucket = bucket


class TooManyRefusedFiles(RateLimited):
    sentence = _("That was a lot of files that we cannot take. Please wait an hour, then add others.")


@dataclass(frozen=True)
class Limit:
    """At most `amount` wrong answers in `seconds`.

    `notifies`: somebody is notified of the last.
    """

    name: str
    amount: int
    seconds: int
    notifies: bool = False

    @property
    def local_amount(self) -> int:
        """The limit of one process while the shared counter is down."""
        return max(3, self.amount // 4)


QUARTER = 15 * 60
# The account limit comes first. A browser known to the account is counted by itself, so that guesses of others do not
# lock its owner out. An IP address may be a whole school's: it allows many tries, and counts only unknown browsers.
SIGN_IN_ACCOUNT = Limit("sign-in-account", 5, 5 * 60, notifies=True)
SIGN_IN_DEVICE = Limit("sign-in-device", 5, 5 * 60, notifies=True)
SIGN_IN_ADDRESS = Limit("sign-in-address", 60, QUARTER, notifies=True)
ADDRESS_CHANGE = Limit("address-change", 5, 60 * 60)
MAILED_CODE = Limit("mailed-code", 3, 30 * 60)
# A code at sign-up: once a minute in one browser, and not without end to one address; and to so many addresses.
SEND_AGAIN = Limit("send-again", 1, 60)
SEND_AGAIN_MOST = Limit("send-again-most", 8, 60 * 60)
ANOTHER_ADDRESS = Limit("another-address", 5, 60 * 60)
ADDRESS_CODES = Limit("address-codes", 5, 30 * 60)
CONFIRMATIONS = Limit("confirmations", 60, 60 * 60)
FILES_REFUSED = Limit("files-refused", 20, 60 * 60)

_local: dict[str, tuple[int, float]] = {}
_local_lock = threading.Lock()
LOCAL_ROWS = 10_000
_local_outage = Outage()  # for a cache other than Redis


def address_of(request: HttpRequest) -> str:
    """Return the network of a request.

    An IPv4 address, or the /64 of an IPv6 one.
    """
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


class RateLimit:
    """The counters of one request.

    `acquire()` before checking, `release()` after a right answer.
    """

    def __init__(self, *buckets: tuple[Limit, object]) -> None:
        self.buckets = [(limit, f"attempts:{limit.name}:{_mark(who)}") for limit, who in buckets]
        self.filled: set[str] = set()  # notifying limits for which this was the last try

    def acquire(self) -> None:
        """Count one try in every bucket. Raises RateLimited when one is full."""
        over = [(limit, _count(limit, key)) for limit, key in self.buckets]
        self.filled = {limit.name for limit, tries in over if limit.notifies and tries == 0}
        shut = [limit.name for limit, tries in over if tries > 0]
        if shut:
            raise RateLimited(shut[0])

    def release(self) -> None:
        """Take the try back: a right answer costs nothing."""
        for limit, key in self.buckets:
            _release(key, limit)

    def forget(self) -> None:
        """Clear the counters, because the person has identified themselves."""
        for _limit, key in self.buckets:
            with _local_lock:
                _local.pop(key, None)
            cache.delete(key)


@contextmanager
def counted_file(user: object) -> Iterator[None]:
    """Count a file that `user` adds before it is checked.

    An accepted one costs nothing (A47, A58).
    """
    tries = RateLimit((FILES_REFUSED, user))
    try:
        tries.acquire()
    except RateLimited as many:
        raise TooManyRefusedFiles(many.bucket) from None
    try:
        yield
    except Busy:  # the file was not checked
        tries.release()
        raise
    tries.release()


def _mark(who: object) -> str:
    """Return a hash, so that Redis holds no address of a person."""
    return sha256(str(who).encode()).hexdigest()[:32]


def _count(limit: Limit, key: str) -> int:
    """Count one try; return by how many the limit is exceeded (1 or more: full)."""
    outage = _outage()
    if not outage.lasts:
        try:
            return _count_shared(key, limit.seconds) - limit.amount
        except Exception as error:  # whatever is wrong with the cache, the limit stays
            log.warning("attempts are counted alone (%s)", type(error).__name__)
            outage.begin()
    return _count_locally(key, limit.seconds) - limit.local_amount


def _store():
    """Return the shared counter, which raises when it is down."""
    return getattr(cache, "shared", cache)


def _outage() -> Outage:
    return getattr(cache, "outage", _local_outage)


def _count_shared(key: str, seconds: int) -> int:
    _store().add(key, 0, timeout=seconds)
    try:
        return _store().incr(key)
    except ValueError:  # the key expired between the two calls
        _store().set(key, 1, timeout=seconds)
        return 1


def _count_locally(key: str, seconds: int) -> int:
    now = time.monotonic()
    with _local_lock:
        if len(_local) > LOCAL_ROWS:
            _local.clear()
        count, ends = _local.get(key, (0, now + seconds))
        if ends <= now:
            count, ends = 0, now + seconds
        _local[key] = (count + 1, ends)
        return count + 1


def _release(key: str, limit: Limit) -> None:
    with _local_lock:
        if key in _local:
            count, ends = _local[key]
            _local[key] = (max(0, count - 1), ends)
    if _outage().lasts:
        return
    try:
        _store().decr(key)
    except Exception:  # a lost release only means one try less
        log.info("a count of %s could not be released", limit.name)


def forget_local_counts() -> None:
    """Clear this process's own counts; for tests."""
    _local.clear()
    _local_outage.end()
    end_outages()
