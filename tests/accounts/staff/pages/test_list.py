"""The list of staff: who is found, what is said of them, and to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models.people import StaffMember
from tests.accounts.staff.invitations import ADDRESS, invited
from tests.accounts.staff.pages.sending import page_of, words
from tests.people import make_staff, name_governor
from tests.sentences.accounts import PIN_FROM_LEADER, PIN_OF_THEIR_OWN

LIST = "/staff/"
INNER = ("change", "roles", "account", "pin", "leaving", "second-step", "classes")
OF_ACCOUNTS = ("head", "governor", "address", "sign-out", "connections")


def names(page) -> list[str]:
    return [row.member.surname for row in page.context["rows"]]


def row_of(page, row: StaffMember):
    [found] = [each for each in page.context["rows"] if each.member == row]
    return found


def test_a_leader_reads_roles_classes_account_and_pin(people, deputy, tegid):
    StaffMember.objects.filter(pk=people.howells.pk).update(pin_from_leader=True)
    invited(people, tegid)
    page = deputy.get(LIST)
    assert names(page) == ["Adeyemi", "Howells", "Lewis", "Pritchard", "Rees", "Rhys", "Vaughan"]
    assert row_of(page, people.pritchard).classes == ["Celyn", "Derwen"]
    assert row_of(page, people.head).roles == ["is_slt", "is_head"]
    assert [row_of(page, row).pin for row in (people.pritchard, people.howells, tegid)] == [
        "own",
        "leader",
        "",
    ]
    assert row_of(page, tegid).is_open and page.context["open_links"] == 1
    assert row_of(page, people.head).has_mfa is False and row_of(page, people.head).lacks_mfa
    assert row_of(page, people.deputy).has_mfa


def test_an_invitation_that_ran_out_is_not_counted_as_open(people, clock, tegid):
    invited(people, tegid)
    clock.set("2026-11-18 00:00")
    page = people.client(people.deputy).get(LIST)
    found = row_of(page, tegid)
    assert found.invitation.address == ADDRESS and not found.is_open and page.context["open_links"] == 0


@pytest.mark.parametrize("q", ["llyr", "LLŶR", "ann llŷr", "librar", "  mrs   llyr "])
def test_a_name_is_found_with_accents_and_without(people, office, q):
    make_staff("Mrs", "Ann", "Llŷr", job="Librarian")
    assert names(office.get(LIST, {"q": q})) == ["Llŷr"]
    assert names(office.get(LIST, {"q": "nobody of this name"})) == []


def test_departed_staff_stand_apart_and_come_last_by_name(people, office):
    gone, goes = make_staff("Ms", "Ann", "Abel"), make_staff("Ms", "Beca", "Abel")
    stays = make_staff("Ms", "Cari", "Abel")
    StaffMember.objects.filter(pk=gone.pk).update(left_on="2020-07-20")
    StaffMember.objects.filter(pk=goes.pk).update(leaves_on="2020-07-20")  # no worker has run since
    StaffMember.objects.filter(pk=stays.pk).update(leaves_on="2099-07-20")
    listed = [row.member for row in office.get(LIST).context["rows"]]
    assert stays in listed and gone not in listed and goes not in listed
    assert [row.member for row in office.get(LIST, {"left": "1"}).context["rows"]] == [gone, goes]
    assert [row.member for row in office.get(LIST, {"q": "abel"}).context["rows"]] == [stays, gone, goes]


@pytest.mark.parametrize("query", [{"page": "9" * 30}, {"page": "-1"}, {"q": "x" * 500}, {"left": "x" * 500}])
def test_a_query_that_makes_no_sense_shows_the_list(people, office, query):
    assert office.get(LIST, query).status_code == 200


def test_the_list_asks_the_same_number_of_questions_for_many(people, deputy):
    def queries() -> int:
        deputy.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            deputy.get(LIST)
        return len(asked)

    few = queries()
    for number in range(12):
        people.celyn.staff.add(make_staff("Ms", "Ann", f"Abel {number}", personal=number < 3))
    assert queries() == few


def test_the_office_reads_no_pins_and_changes_nothing(people, office, deputy):
    StaffMember.objects.filter(pk=people.howells.pk).update(pin_from_leader=True)
    for path in (LIST, page_of(people.howells), page_of(people.pritchard)):
        assert office.get(path).status_code == 200
        assert PIN_OF_THEIR_OWN not in words(office.get(path))
        assert PIN_FROM_LEADER not in words(office.get(path))
        assert f"{page_of(people.howells)}pin/" not in words(office.get(path))
    assert PIN_OF_THEIR_OWN in words(deputy.get(LIST)) and PIN_FROM_LEADER in words(deputy.get(LIST))
    for inner in ("change/", "roles/", "account/", "pin/", "leaving/", "second-step/"):
        assert office.get(page_of(people.howells, inner)).status_code == 403
        assert deputy.get(page_of(people.howells, inner)).status_code == 200


def test_a_deputy_changes_nothing_of_the_heads_record(people, deputy):
    assert deputy.get(page_of(people.head)).status_code == 200
    for inner in ("change/", "roles/", "account/", "pin/", "leaving/"):
        assert deputy.get(page_of(people.head, inner)).status_code == 403
        assert f"{page_of(people.head, inner)}" not in words(deputy.get(page_of(people.head)))


def test_the_pages_of_a_departed_person_stay(people, deputy):
    StaffMember.objects.filter(pk=people.howells.pk).update(left_on="2026-09-01")
    for inner in ("", "change/", "leaving/"):
        assert deputy.get(page_of(people.howells, inner)).status_code == 200


@pytest.mark.policy("AU-8")
def test_everybody_else_gets_nothing(people, clock):
    prys = name_governor(make_staff("Mr", "Ifan", "Prys", personal=True))
    lead = make_staff("Ms", "Ann", "Abel", personal=True, is_safeguarding=True)
    departed = make_staff("Ms", "Beca", "Abel", personal=True, is_slt=True, left_on="2020-01-01")
    browsers = [people.client(one) for one in (prys, lead, people.nia, people.celyn, people.mali)]
    paths = ["/staff/", "/staff/add/"]
    paths += [page_of(people.howells, f"{inner}/" if inner else "") for inner in ("", *INNER)]
    paths += [page_of(people.office, f"{inner}/") for inner in OF_ACCOUNTS]
    for browser in browsers:
        assert [browser.get(path).status_code for path in paths] == [404] * len(paths)
    assert people.client(departed).get("/staff/").status_code == 302


def test_other_pages_lead_to_the_staff(people, head):
    teacher = page_of(people.howells)
    links = {
        "/": LIST,
        "/set-up/": LIST,
        "/admin/": LIST,
        "/people/?q=howells&kind=staff": teacher,
        f"/admin/accounts/staffmember/{people.howells.pk}/change/": teacher,
    }
    assert [path for path, link in links.items() if f'href="{link}"' not in words(head.get(path))] == []
