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
from malpas.lib.cache import FallbackRedisCache
from malpas.lib.posted import is_shown_once

ANSWER = "answer"  # the parameter that carries the token
LIFE = 10 * 60  # seconds
MOST_BYTES = 400_000
MOST_PAGES = 8  # of one account or browser; the oldest makes room
STORED_STATUSES = {200, 400, 409, 422}
STORED_SIGNED_IN = STORED_STATUSES | {403, 429}


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


def _key(request: OpenRequest) -> str:
    """Return the cache key of all pages of one account, or of one browser without a sign-in."""
    browser = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    owner = f"user:{request.actor.user.pk}" if request.actor else f"browser:{browser}"
    return "answers:" + salted_hmac("malpas.web.answers.key", owner).hexdigest()


def is_navigation(request: OpenRequest) -> bool:
    """Return whether a browser goes to a page by this.

    Scripts and programs take the answer as it comes.
    """
    return request.headers.get("Sec-Fetch-Mode") == "navigate" and not request.htmx


def is_to_store(request: OpenRequest, response: HttpResponse) -> bool:
    """Return whether this answer gets an address.

    Without a sign-in only statuses whose number is limited per address do: nobody fills the cache.
    """
    statuses = STORED_SIGNED_IN if request.actor else STORED_STATUSES
    return (
        request.method == "POST"
        and is_navigation(request)
        and response.status_code in statuses
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not is_shown_once(response)
        and settings.CSRF_COOKIE_NAME in request.COOKIES
        and len(response.content) <= MOST_BYTES
    )


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
        earlier = cache.shared.get(_key(request)) or []
        cache.shared.set(_key(request), [*earlier[1 - MOST_PAGES :], tuple(answer)], LIFE)
    except RedisError:
        cache.outage.begin()
        return None
    return token


def find(request: OpenRequest) -> HttpResponse | None:
    """Return the stored page of the token in this address, for the reader it was made for."""
    token = request.GET[ANSWER]
    mark = _mark(request, token)
    for each in caches["default"].get(_key(request)) or []:
        answer = StoredAnswer(*each)
        if constant_time_compare(answer.mark, mark):
            page = zlib.decompress(Fernet(token + "=").decrypt(answer.page))
            return HttpResponse(page, status=answer.status, content_type=answer.content_type)
    return None
