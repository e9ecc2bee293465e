"""A cache for counting attempts that outlives its Redis: a dead one must neither stop sign-in nor open the gates."""

import logging
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from malpas.lib.outage import outage_of

log = logging.getLogger(__name__)
COVERED = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many")


class FallbackRedisCache(RedisCache):
    """Redis, or this process's own memory while Redis does not answer: counts go on, each process for itself."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.shared = RedisCache(server, params)  # for whoever must know that it is down
        self.outage = outage_of(server)
        self.memory = LocMemCache("fallback", {"KEY_PREFIX": params.get("KEY_PREFIX", "")})


def _covered(name: str):
    def ask(self: FallbackRedisCache, *args: Any, **kwargs: Any) -> Any:
        if not self.outage.lasts:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except RedisError as error:
                self.outage.begin()
                log.warning("the cache does not answer (%s)", type(error).__name__)
        return getattr(self.memory, name)(*args, **kwargs)

    ask.__name__ = name
    return ask


for _name in COVERED:
    setattr(FallbackRedisCache, _name, _covered(_name))
