import pytest
from django.test import Client

from malpas.lib.cache import FallbackRedisCache
from tests.people import PASSWORD


@pytest.fixture
def dead():
    return FallbackRedisCache(
        "unix:///nowhere/valkey.sock?db=2", {"KEY_PREFIX": "test", "OPTIONS": {"socket_timeout": 1}}
    )


def test_without_redis_counts_go_on_in_the_process(dead):
    assert dead.add("tries", 1)
    assert not dead.add("tries", 1)
    assert dead.incr("tries") == 2
    assert dead.get("tries") == 2
    dead.set("other", "x")
    assert dead.get_many(["tries", "other"]) == {"tries": 2, "other": "x"}
    dead.delete("tries")
    assert dead.get("tries", "gone") == "gone"


@pytest.fixture
def no_redis(settings):
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"]
        | {"LOCATION": "unix:///nowhere/valkey.sock?db=2", "KEY_PREFIX": "none"}
    }


@pytest.mark.policy("AU-6")
def test_F07_without_redis_people_sign_in_and_limits_hold(people, no_redis):
    people.nia.set_password(PASSWORD)
    people.nia.save()
    form = {"login": people.nia.email, "password": "a wrong one"}
    assert Client().post("/account/login/", form | {"password": PASSWORD}).status_code == 302
    answers = [Client().post("/account/login/", form) for _guess in range(12)]
    assert all(answer.status_code < 500 for answer in answers)
    last = Client().post("/account/login/", form | {"password": PASSWORD})
    assert last.status_code != 302
