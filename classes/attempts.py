"""Counting wrong answers at the doors that need no sign-in, so that guessing is slowed and shut out (PA-1).

Redis counts for all processes. When it is down each process counts for itself with a smaller number: the
gates do not open.
"""

import ipaddress
import logging
import threading
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from malpas.lib.errors import RuleViolation

log = logging.getLogger(__name__)


class TooManyAttempts(RuleViolation):
    sentence = _("That was a lot of tries. Please wait a quarter of an hour, or telephone the office.")


@dataclass(frozen=True)
class Limit:
    """At most `amount` wrong answers in `seconds`."""

    name: str
    amount: int
    seconds: int

    @property
    def alone(self) -> int:
        """What one process allows while it cannot ask the others."""
        return max(3, self.amount // 4)


QUARTER = 15 * 60
# An address may be a whole school's or a whole street's: people are counted first, addresses generously.
JOIN_PERSON = Limit("join-person", 10, QUARTER)
JOIN_ADDRESS = Limit("join-address", 40, QUARTER)
JOIN_ALL = Limit("join-all", 600, 3600)
CARD_ADDRESS = Limit("card-address", 60, QUARTER)
CARD_ALL = Limit("card-all", 1000, 3600)

_own: dict[str, tuple[int, float]] = {}
_own_lock = threading.Lock()
OWN_ROWS = 10_000


def address_of(request: HttpRequest) -> str:
    """The network a request comes from: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


class Attempts:
    """The counters one request touches: `spend()` before looking, `give_back()` when the answer was right."""

    def __init__(self, *gates: tuple[Limit, object]) -> None:
        self.gates = [(limit, f"attempts:{limit.name}:{who}") for limit, who in gates]

    def spend(self) -> None:
        """Counts one try at every gate. Raises TooManyAttempts when one of them is shut."""
        if any(self._count(limit, key) for limit, key in self.gates):
            raise TooManyAttempts

    def give_back(self) -> None:
        """A right answer costs nothing: thirty typing errors of others lock nobody out."""
        for _limit, key in self.gates:
            try:
                cache.decr(key)
            except Exception:  # a lost count only means one try less
                log.info("a count could not be given back")

    def _count(self, limit: Limit, key: str) -> bool:
        """Counts; True when the gate is shut."""
        try:
            return _count_together(key, limit.seconds) > limit.amount
        except Exception as error:  # whatever is wrong with the cache, the gate stays
            log.warning("attempts are counted alone (%s)", type(error).__name__)
            return _count_alone(key, limit.seconds) > limit.alone


def _count_together(key: str, seconds: int) -> int:
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two
        cache.set(key, 1, timeout=seconds)
        return 1


def _count_alone(key: str, seconds: int) -> int:
    now = time.monotonic()
    with _own_lock:
        if len(_own) > OWN_ROWS:
            _own.clear()
        count, ends = _own.get(key, (0, now + seconds))
        if ends <= now:
            count, ends = 0, now + seconds
        _own[key] = (count + 1, ends)
        return count + 1


def forget_own_counts() -> None:
    """For tests."""
    _own.clear()
