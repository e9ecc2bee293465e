"""Every save of an existing row names its columns, so that what another request wrote meanwhile stays."""

import ast
import re
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from django.contrib import admin
from django.core import mail
from django.db.models.signals import pre_save

from accounts.models.people import User
from accounts.notify.outbox import deliver_due
from tests.own_code import PACKAGES, modules

ROOT = Path(__file__).resolve().parents[2]
NAMED = {"update_fields", "force_insert"}
# What is saved there is no row of a table: a form that calls an adapter of ours, a session.
NO_ROWS = {
    "accounts/sign_in/forms.py": "super().save()",
    "accounts/sessions/devices.py": "request.session.save()",
}


def bare_saves(source: str) -> list[str]:
    """Calls of `save` on a row that do not say which columns they write."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        is_bare = not node.args and not NAMED & {keyword.arg for keyword in node.keywords}
        if is_bare and node.func.attr in {"save", "asave", "save_base"}:  # an image is saved to somewhere
            found.append(ast.unparse(node))
    return found


def test_every_save_names_its_columns():
    files = modules()
    assert len(files) > 60
    names = {path: str(path.relative_to(ROOT)) for path in files}
    saves = {names[path]: bare_saves(path.read_text()) for path in files}
    assert {name: calls for name, calls in saves.items() if calls and calls != [NO_ROWS.get(name)]} == {}


@pytest.mark.parametrize(
    "call", ["row.save()", "row.save(using=db)", "await row.asave()", "super().save()", "row.save(**more)"]
)
def test_a_bare_save_is_found(call):
    assert len(bare_saves(f"async def act():\n    {call}")) == 1


@pytest.mark.parametrize(
    "call",
    ['row.save(update_fields=["name"])', "row.save(force_insert=True)", 'image.save(out, "JPEG")'],
)
def test_a_save_with_names_passes(call):
    assert bare_saves(call) == []


def theirs(method: str) -> list[str]:
    """The admins of our models whose `method` is Django's own, which writes whole rows."""
    ours = [each for each in admin.site._registry.values() if each.model.__module__.split(".")[0] in PACKAGES]
    assert len(ours) > 20
    return [str(each) for each in ours if getattr(type(each), method) is getattr(admin.ModelAdmin, method)]


def test_no_admin_saves_whole_rows():
    assert theirs("save_model") == []
    assert theirs("changeform_view") == []  # which reads the row under a lock


def test_no_admin_writes_rows_in_inlines_or_lists(rf, people):
    request = rf.get("/admin/")
    request.user, request.actor = people.head.user, people.actor(people.head)
    for each in admin.site._registry.values():
        assert not each.list_editable, each
        for inline in each.get_inline_instances(request):
            assert not inline.has_change_permission(request), inline
            assert not inline.has_add_permission(request, None), inline


@pytest.fixture
def whole_rows():
    """The rows that were there before and were saved whole."""
    seen = []

    def note(sender, instance, update_fields, **kwargs) -> None:
        if update_fields is None and not instance._state.adding:
            seen.append(sender.__name__)

    pre_save.connect(note)
    yield seen
    pre_save.disconnect(note)


def test_a_new_password_writes_nothing_else_of_the_account(people, whole_rows):
    stale = User.objects.get(pk=people.nia.pk)
    User.objects.filter(pk=stale.pk).update(is_active=False, access_epoch=7)
    get_adapter().set_password(stale, "seven-otters-in-a-rowing-boat")
    stale.refresh_from_db()
    assert stale.check_password("seven-otters-in-a-rowing-boat")
    assert (stale.is_active, stale.access_epoch, whole_rows) == (False, 7, [])


def test_a_password_and_a_sign_in_save_no_whole_account(people, client, whole_rows):
    chosen = "seven-otters-in-a-rowing-boat"
    client.post("/account/password/reset/", {"email": people.nia.email})
    deliver_due()
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body).group()
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": chosen, "password2": chosen})
    client.post("/account/login/", {"login": people.nia.email, "password": chosen})
    assert client.session["_auth_user_id"] == str(people.nia.pk)
    assert "User" not in whole_rows


def test_a_whole_row_is_noticed(people, whole_rows):
    people.nia.save()
    assert whole_rows == ["User"]
