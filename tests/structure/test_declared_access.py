"""Every route says at its view where it opens: before which gates, to pupils, while a browser is locked."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from accounts.gates import Opens, access, is_declared, opens
from tests.structure.routes import views


def undeclared(found: dict) -> list[str]:
    return [name for name, view in found.items() if not is_declared(view)]


def test_every_route_declares_where_it_opens():
    assert len(views()) > 120
    assert undeclared(views()) == []


def test_a_route_without_a_declaration_is_found():
    def page(request) -> HttpResponse:
        return HttpResponse()

    patterns = [path("a/", page, name="bare"), path("b/", access()(lambda request: None), name="declared")]
    assert undeclared(views(patterns)) == ["bare"]


def test_a_page_opens_without_a_sign_in_only_by_its_declaration():
    """Django's own mark beside the declaration would be a second list."""
    for name, view in views().items():
        assert getattr(view, "login_required", True) is not opens(view, Opens.SIGNED_OUT), name


def test_a_mark_of_djangos_own_is_found():
    view = login_not_required(access()(lambda request: None))
    assert getattr(view, "login_required", True) is opens(view, Opens.SIGNED_OUT)


def test_a_view_without_a_declaration_opens_nowhere_else():
    assert not any(opens(lambda request: None, where) for where in Opens)
    assert not any(opens(None, where) for where in Opens)
