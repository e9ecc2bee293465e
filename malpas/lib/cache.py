"""Count attempts in a cache that survives an outage of Valkey.

An outage must neither stop sign-in nor lift the rate limits (F07).
"""

import logging
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from malpas.lib.outage import outage_of

log = logging.getLogger(__name__)
METHODS = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many")


class FallbackRedisCache(RedisCache):
    """Use the server, or this process's own memory while the server does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.shared = RedisCache(server, params)  # raises when the server is away, for code that must know
        self.outage = outage_of(server)
        self.memory = LocMemCache("fallback", {"KEY_PREFIX": params.get("KEY_PREFIX", "")})


def _with_fallback(name: str):
    """Return the cache method `name` with the fallback to memory."""

    def call(self: FallbackRedisCache, *args: Any, **kwargs: Any) -> Any:
        if not self.outage.lasts:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except RedisError as error:
                self.outage.begin()
                log.warning("the cache does not answer (%s)", type(error).__name__)
        return getattr(self.memory, name)(*args, **kwargs)

    call.__name__ = name
    return call


for _name in METHODS:
    setattr(FallbackRedisCache, _name, _with_fallback(_name))
