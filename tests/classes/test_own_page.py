import re

import pytest
from django.urls import reverse

from tests.accounts.parent_lock.lock import UNLOCK, locked
from tests.people import PASSWORD

YOU = "/you/"
ACCOUNT_PAGES = ("devices", "address", "parent_pin", "account_change_password")


def main(page: str) -> str:
    return re.search(r"<main.*?</main>", page, re.S)[0]


def test_a_parent_reads_what_the_school_holds_and_finds_every_setting(people):
    contact = people.nia.contact
    contact.mobile = "07700 900123"
    contact.save(update_fields=["mobile"])
    page = main(people.client(people.nia).get(YOU).content.decode())
    for fact in (people.nia.name, "07700 900123", people.nia.email, people.mali.first_name, "Celyn"):
        assert fact in page
    for name in ("mfa_index", "devices", "address", "parent_pin", "terms_mine", "set_language"):
        assert f'"{reverse(name)}"' in page
    assert reverse("write_topic", args=["other"]) in page


def test_nothing_of_the_other_parent_stands_there(people):
    contact = people.gareth.contact
    contact.mobile = "07700 900456"
    contact.save(update_fields=["mobile"])
    assert "07700 900456" in people.client(people.gareth).get(YOU).content.decode()
    page = people.client(people.nia).get(YOU).content.decode()
    assert "07700 900456" not in page and people.gareth.email not in page


def test_staff_have_the_page_and_a_class_has_none(people):
    assert people.head.signature in people.client(people.head).get(YOU).content.decode()
    assert people.client(people.celyn).get(YOU).status_code == 404


def test_it_is_locked_with_the_account(people, clock):
    clock.set("2026-11-10 10:00")
    answer = locked(people, people.nia, clock).get(YOU)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(UNLOCK)


@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_each_page_of_the_account_has_a_way_back(people, name):
    people.nia.set_password(PASSWORD)
    people.nia.save(update_fields=["password"])
    page = main(people.client(people.nia).get(reverse(name)).content.decode())
    assert f'href="{reverse("mfa_index")}"' in page


def test_the_menu_has_the_page_help_and_terms(people):
    for who, has_page in ((people.nia, True), (people.office, True), (people.celyn, False)):
        page = people.client(who).get("/help/").content.decode()
        menu = re.search(r'<div class="menu__items">.*?</details>', page, re.S)[0]
        assert (f'href="{YOU}"' in menu) is has_page
        assert 'href="/help/"' in menu and f'href="{reverse("terms_read")}"' in menu


def test_locking_says_so(people):
    page = people.client(people.nia).post(reverse("parent_lock_now"), follow=True)
    assert page.context["messages"] and 'class="notice' in page.content.decode()


def test_the_sign_in_page_has_no_link_that_leads_to_itself(people, client):
    assert not re.search(r'href="#(?!main)', client.get("/account/login/").content.decode())
