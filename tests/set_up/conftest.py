from uuid import uuid4

import pytest
from django.test import Client

from accounts.calendar.hours import forget_hours
from classes.rate_limits import forget_local_counts
from tests.people import BACKEND, make_staff, use_mfa


@pytest.fixture(autouse=True)
def fresh_counts(settings) -> None:
    """Reset the rate limits for each test."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": backend, "LOCATION": str(uuid4())}}
    settings.CELERY_BROKER_URL = "memory://"
    forget_local_counts()


def signed_in(member) -> Client:
    browser = Client()
    browser.force_login(member.user, backend=BACKEND)
    use_mfa(browser, member.user)
    return browser


@pytest.fixture
def head(clock) -> Client:
    """The first leader of an empty installation, after mfa."""
    forget_hours()
    yield signed_in(make_staff("Mrs", "Eleri", "Vaughan", personal=True, is_slt=True, is_head=True))
    forget_hours()


@pytest.fixture
def office(head) -> Client:
    return signed_in(make_staff("Mrs", "Joan", "Lewis", personal=True, is_office=True))
