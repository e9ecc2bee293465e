"""The governor, who reads complaints about the head teacher."""

import pytest

from accounts.models.governor import GovernorChange
from accounts.rules import needs_mfa
from tests.accounts.staff.pages.sending import page_of
from tests.people import make_staff


@pytest.fixture
def prys(people):
    return make_staff("Dr", "Olwen", "Prys", personal=True, job="Governor")


def name_governor(people, who, row):
    """Ask for the role on every page that takes roles or a proposal."""
    browser, role = people.client(who), {"is_governor": "on", "confirmed": ["is_governor"]}
    browser.post(page_of(row, "roles/"), role)
    browser.post(page_of(row, "change/"), {"forename": row.forename, "surname": row.surname, **role})
    browser.post(page_of(row, "governor/"), {"kind": "name", "reason": "Because.", **role})
    for change in GovernorChange.objects.all():
        browser.post(page_of(row, "governor/decide/"), {"change": change.pk, "confirm": "1"})


def test_nobody_names_themselves_governor(people):
    name_governor(people, people.deputy, people.deputy)
    people.deputy.refresh_from_db()
    assert not people.deputy.is_governor


@pytest.mark.parametrize("who", ["head", "deputy", "office", "nia", "celyn"])
def test_nobody_names_the_governor_alone(people, prys, who):
    name_governor(people, getattr(people, who), prys)
    prys.refresh_from_db()
    assert not prys.is_governor


def test_who_has_left_is_no_governor_any_more(people, prys):
    prys.is_governor, prys.left_on = True, "2026-11-01"
    assert not needs_mfa(prys)


@pytest.mark.parametrize("role", ["is_governor", "is_safeguarding"])
def test_enquiry_list_is_linked_from_every_page(people, role):
    lead = make_staff("Dr", "Olwen", "Prys", personal=True, **{role: True})
    teacher = make_staff("Mr", "Ifan", "Rhys", personal=True)
    assert 'href="/office/"' in people.client(lead).get("/news/").content.decode()
    assert 'href="/office/"' not in people.client(teacher).get("/news/").content.decode()
    assert 'href="/office/"' not in people.client(people.nia).get("/news/").content.decode()
