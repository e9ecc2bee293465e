"""Give the page that answers a form an address of its own, so that Back and Reload work.

A browser asks "Confirm form resubmission" before it shows the answer to a POST again, and shows nothing at all when
that answer may not be stored, as ours. So the page is stored in the cache for ten minutes and the browser is sent to
it with a GET. What is stored is encrypted with the token in that address, which nobody but the reader has.
"""

import zlib
from typing import NamedTuple, cast
from urllib.parse import urlencode

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse, QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac
from redis.exceptions import RedisError

from accounts.http import OpenRequest
from accounts.sessions.rate_limits import Limit, RateLimit, RateLimited
from accounts.sessions.rate_limits import address_of as network_of
from malpas.lib.cache import FallbackRedisCache
from malpas.lib.posted import is_shown_once

ANSWER = "answer"  # the parameter that carries the token
LIFE = 10 * 60  # seconds
MOST_BYTES = 400_000
MOST_PAGES = 8  # of one account; the oldest makes room
STATUSES = {200, 409, 422}
# Without a sign-in nobody is known: pages of one network are counted, and large ones go out as they are.
MOST_BYTES_OPEN = 60_000
OPEN_PAGES = Limit("stored-answers", 60, LIFE)
# The pages of the second step: each GET makes a new secret or challenge, so none is asked for twice.
MADE_ANEW = "mfa_"


class StoredAnswer(NamedTuple):
    """One page: `mark` is the digest of its token and its reader, `page` is compressed and encrypted."""

    mark: str
    status: int
    content_type: str
    page: bytes


def _mark(request: OpenRequest, token: str) -> str:
    """Return a digest of token, browser, account, member of staff, path and language."""
    actor = request.actor
    who = f"{actor.user.pk}:{actor.staff.pk if actor.staff else ''}" if actor else ""
    browser = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    parts = f"{token}:{browser}:{who}:{request.path}:{request.LANGUAGE_CODE}"
    return salted_hmac("malpas.web.answers", parts).hexdigest()


def _key(token: str) -> str:
    return "answer:" + salted_hmac("malpas.web.answers.key", token).hexdigest()


def _own_key(request: OpenRequest) -> str:
    """Return the cache key of the list of pages that are stored for one account."""
    return f"answers:{request.actor.user.pk}" if request.actor else ""


def is_navigation(request: OpenRequest) -> bool:
    """Return whether a browser goes to a page by this.

    Scripts and programs take the answer as it comes.
    """
    return request.headers.get("Sec-Fetch-Mode") == "navigate" and not request.htmx


def is_to_store(request: OpenRequest, response: HttpResponse) -> bool:
    """Return whether this answer gets an address."""
    route = request.resolver_match.url_name if request.resolver_match else ""
    return (
        request.method == "POST"
        and request.passed_the_gates
        and is_navigation(request)
        and response.status_code in STATUSES
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not is_shown_once(response)
        and not (route or "").startswith(MADE_ANEW)
        and settings.CSRF_COOKIE_NAME in request.COOKIES
        and _has_room(request, len(response.content))
    )


def _has_room(request: OpenRequest, size: int) -> bool:
    """Return whether a page of this size is stored; without a sign-in it is counted, so that nobody fills the cache."""
    if request.actor:
        return size <= MOST_BYTES
    if size > MOST_BYTES_OPEN:
        return False
    try:
        RateLimit((OPEN_PAGES, network_of(request))).acquire()
    except RateLimited:
        return False
    return True


def address_of(request: OpenRequest, token: str = "") -> str:
    """Return this address with the token of a stored page, or without one."""
    query: QueryDict = request.GET.copy()
    query.pop(ANSWER, None)
    pairs = [(name, value) for name, values in query.lists() for value in values]
    if token:
        pairs.append((ANSWER, token))
    return request.path + (f"?{urlencode(pairs)}" if pairs else "")


def store(request: OpenRequest, response: HttpResponse) -> str | None:
    """Store an answer and return its token.

    None: the cache does not answer, so the page goes out as it is.
    """
    cache = cast(FallbackRedisCache, caches["default"])
    if cache.outage.lasts:
        return None
    key = Fernet.generate_key()
    token = key.decode().rstrip("=")
    page = Fernet(key).encrypt(zlib.compress(response.content, 1))
    answer = StoredAnswer(_mark(request, token), response.status_code, response.headers["Content-Type"], page)
    try:
        cache.shared.set(_key(token), tuple(answer), LIFE)
        if own := _own_key(request):
            stored = [*(cache.shared.get(own) or []), _key(token)]
            cache.shared.delete_many(stored[:-MOST_PAGES])
            cache.shared.set(own, stored[-MOST_PAGES:], LIFE)
    except RedisError:
        cache.outage.begin()
        return None
    return token


def find(request: OpenRequest) -> HttpResponse | None:
    """Return the stored page of the token in this address, for the reader it was made for."""
    token = request.GET[ANSWER]
    found = caches["default"].get(_key(token))
    if found is None or not constant_time_compare(StoredAnswer(*found).mark, _mark(request, token)):
        return None
    answer = StoredAnswer(*found)
    page = zlib.decompress(Fernet(token + "=").decrypt(answer.page))
    response = HttpResponse(page, status=answer.status, content_type=answer.content_type)
    response["Cache-Control"] = "private, no-store"
    return response
