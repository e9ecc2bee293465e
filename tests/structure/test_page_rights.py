"""Tests ask for pages with the rights of the portal's own role, and look at the rows as their owner."""

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from tests.rights import as_the_web

pytestmark = pytest.mark.django_db
WEB = settings.APP_DATABASE_ROLE


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(role())


urlpatterns = [path("", page)]


@pytest.mark.urls(__name__)
@override_settings(MIDDLEWARE=[])
def test_every_page_has_the_rights_of_the_web_alone(client):
    assert client.get("/").content == WEB.encode()
    assert role() != WEB
    assert client.get("/").content == WEB.encode()


def test_a_rollback_does_not_mistake_one_role_for_the_other():
    assert role() != WEB
    with transaction.atomic():
        with as_the_web():
            assert role() == WEB
        transaction.set_rollback(True)
    assert role() != WEB
    with as_the_web():
        assert role() == WEB
        with transaction.atomic():
            transaction.set_rollback(True)
        assert role() == WEB
