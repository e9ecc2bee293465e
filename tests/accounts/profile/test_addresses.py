import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery
from accounts.models.people import User
from accounts.profile.email_change import AddressTaken, set_address
from tests.accounts.sign_in.test_sign_in_by_code import CONFIRM, ask, is_in
from tests.accounts.sign_in.test_sign_in_by_code import mailed_code as sign_in_code
from tests.clock import at
from tests.sentences.accounts import EMAIL_ADDRESS_CHANGED
from tests.sentences.portal import EMAIL_INCOMPLETE, EMAIL_WITH_ACCENTS

pytestmark = pytest.mark.usefixtures("no_counts")

PAGE, NEW = "/account/address/", "nia.new@family.example"


def code_for(email: str) -> str:
    for mail in Delivery.objects.filter(address=email).order_by("-pk"):
        found = re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", mail.body, re.MULTILINE)
        if found:
            return found.group(1)
    return "NONE-SENT"


@pytest.fixture
def browser(people) -> Client:
    return people.client(people.nia)


def begin(browser: Client, email: str = NEW):
    return browser.post(PAGE, {"email": email})


def confirm(browser: Client, old: str, new: str):
    return browser.post(PAGE, {"old_code": old, "new_code": new})


def address_of(user: User) -> str:
    return User.objects.get(pk=user.pk).email


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("siân@example.org", EMAIL_WITH_ACCENTS),
        ("si\u0302an.llŷr@example.org", EMAIL_WITH_ACCENTS),
        ("siân@example", EMAIL_INCOMPLETE),
        ("sian lloyd@example.org", EMAIL_INCOMPLETE),
        ("sian.example.org", EMAIL_INCOMPLETE),
        ("@example.org", EMAIL_INCOMPLETE),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_the_reason(browser, address, sentence):
    answer = begin(browser, address)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert all(other not in page for other in {EMAIL_WITH_ACCENTS, EMAIL_INCOMPLETE} - {sentence})


def test_an_address_whose_host_has_accents_is_taken(browser):
    assert begin(browser, "sian@tŷ.example").headers["Location"] == PAGE


@pytest.mark.policy("AU-2")
def test_both_codes_change_the_address_both_are_notified(people, browser):
    elsewhere = people.client(people.nia)
    assert begin(browser).headers["Location"] == PAGE
    assert NEW in browser.get(PAGE).content.decode()
    answer = confirm(browser, code_for(people.nia.email).lower(), code_for(NEW).replace("-", ""))
    assert answer.status_code == 302 and address_of(people.nia) == NEW
    own = EmailAddress.objects.get(user=people.nia)
    assert (own.email, own.verified, own.primary) == (NEW, True, True)
    notices = Delivery.objects.filter(subject=EMAIL_ADDRESS_CHANGED)
    assert {mail.address for mail in notices} == {people.nia.email, NEW}
    assert browser.get("/messages/").status_code == 200
    assert elsewhere.get("/messages/").status_code == 302
    assert AuditEntry.objects.filter(verb="address.changed", user=people.nia).count() == 1


@pytest.mark.policy("AU-2")
@pytest.mark.parametrize("right", ["old", "new", "neither", "swapped"])
def test_one_code_is_not_enough(people, browser, right):
    begin(browser)
    old, new, wrong = code_for(people.nia.email), code_for(NEW), "WRNG-CODE"
    typed = {"old": (old, wrong), "new": (wrong, new), "neither": (wrong, wrong), "swapped": (new, old)}
    answer = confirm(browser, *typed[right])
    assert answer.status_code == 422 and address_of(people.nia) != NEW


def test_five_wrong_pairs_end_it(people, browser):
    begin(browser)
    old, new = code_for(people.nia.email), code_for(NEW)
    for _n in range(5):
        assert confirm(browser, old, "WRNG-CODE").status_code == 422
    confirm(browser, old, new)
    assert address_of(people.nia) != NEW


def test_the_codes_end_after_half_an_hour(people, browser):
    begin(browser)
    session = browser.session
    session["address_change"] |= {"sent_at": at("2026-11-10 09:29").isoformat()}
    session.save()
    confirm(browser, code_for(people.nia.email), code_for(NEW))
    assert address_of(people.nia) != NEW
    assert "no longer work" in browser.get(PAGE).content.decode()


def test_a_change_that_waits_can_be_dropped(people, browser):
    begin(browser)
    old, new = code_for(people.nia.email), code_for(NEW)
    assert browser.post(PAGE, {"drop": "true"}).status_code == 302
    confirm(browser, old, new)
    assert address_of(people.nia) != NEW


def plain(answer, *typed: str) -> str:
    text = re.sub(r'value="[A-Z0-9]{4}-[A-Z0-9]{4}"', "", answer.content.decode())
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", text)
    for word in typed:
        text = text.replace(word, "")
    return text


@pytest.mark.policy("AU-2")
def test_A05_address_in_use_gets_the_same_pages_and_no_code(people):
    seen = set()
    for email in (NEW, people.dylan.email, people.celyn.account.email):
        browser, before = people.client(people.nia), Delivery.objects.count()
        begun = begin(browser, email)
        page = browser.get(PAGE)
        refused = confirm(browser, code_for(people.nia.email), "WRNG-CODE")
        seen.add((begun.status_code, plain(page, email), refused.status_code, plain(refused, email)))
        assert Delivery.objects.count() == before + 2
    assert len(seen) == 1
    assert code_for(people.dylan.email) == "NONE-SENT"


def test_address_taken_meanwhile_stays_its_owners(people, browser):
    begin(browser)
    User.objects.filter(pk=people.dylan.pk).update(email=NEW.upper())
    assert confirm(browser, code_for(people.nia.email), code_for(NEW)).status_code == 422
    assert address_of(people.nia) == "nia@family.example"


def test_a_code_for_the_old_address_signs_nobody_in_afterwards(people, browser):
    waiting = ask(people.nia.email)
    code = sign_in_code(people.nia.email)
    set_address(people.nia, NEW, by=people.actor(people.office), reason="Seen at the hatch.")
    mails = Delivery.objects.count()
    waiting.post(CONFIRM, {"code": code})
    assert not is_in(waiting) and Delivery.objects.count() == mails
    assert [own.email for own in EmailAddress.objects.filter(user=people.nia)] == [NEW]


@pytest.mark.parametrize("email", ["", "nia", "nia@family.example", "NIA@family.example", "a b@c.example"])
def test_an_address_that_is_none_gets_a_sentence(people, browser, email):
    assert begin(browser, email).status_code == 422
    assert not Delivery.objects.exists()


def test_changes_are_begun_five_times_an_hour_and_no_more(people):
    for n in range(5):
        assert begin(people.client(people.nia), f"n{n}@family.example").status_code == 302
    assert begin(people.client(people.nia)).status_code == 422


def office_page(people, who, account) -> tuple[Client, str]:
    return people.client(who), f"/admin/accounts/user/{account.pk}/change/"


LOST = {"new_address": NEW, "reason": "Came to the hatch with her passport."}


@pytest.mark.policy("AU-2")
def test_the_office_changes_it_in_person_with_a_reason(people, browser):
    office, page = office_page(people, people.office, people.nia)
    assert office.post(page, LOST | {"reason": " "}).status_code == 200
    assert address_of(people.nia) != NEW
    assert office.post(page, LOST).status_code == 302
    assert address_of(people.nia) == NEW
    assert browser.get("/messages/").status_code == 302
    entry = AuditEntry.objects.get(verb="address.changed")
    assert entry.staff == people.office and entry.detail == {"reason": LOST["reason"]}


def test_the_table_of_accounts_changes_no_staff_address(people):
    """A leader's page changes it: tests/accounts/leadership/test_colleagues.py."""
    for who, account in [
        (people.office, people.deputy.user),
        (people.office, people.office.user),
        (people.deputy, people.head.user),
        (people.deputy, people.deputy.user),
        (people.head, people.head.user),
        (people.deputy, people.office.user),
    ]:
        browser, page = office_page(people, who, account)
        browser.post(page, LOST)
        assert address_of(account) != NEW, (who, account)


@pytest.mark.policy("AU-6")
def test_a_leader_signs_an_account_out_everywhere(people):
    at_the_class = people.client(people.celyn)
    browser, page = office_page(people, people.deputy, people.celyn.account)
    browser.post(page, {"sign_out": "on", "reason": "The computer was stolen."})
    assert at_the_class.get("/class/board/").status_code == 302
    assert AuditEntry.objects.get(verb="session.all_ended").detail == {"reason": "The computer was stolen."}


def test_the_office_ends_no_leaders_sign_in(people):
    deputy = people.client(people.deputy)
    browser, page = office_page(people, people.office, people.deputy.user)
    browser.post(page, {"sign_out": "on", "reason": "Because."})
    assert deputy.get("/messages/").status_code == 200


@pytest.mark.django_db
def test_one_address_is_given_to_one_account(people):
    with pytest.raises(AddressTaken):
        set_address(people.nia, "DYLAN@family.example", by=people.actor(people.office), reason="x")
