"""Terms are drafted, previewed, published and compared (PA-3, DO-1)."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models.audit import AuditEntry
from accounts.models.terms import TermsAcceptance, TermsVersion
from accounts.terms.services import AlreadyPublished, NotReady, NotTheNewest, publish_terms, save_draft
from accounts.terms.text_diff import GONE, NEW, SAME, Piece, changes
from tests.clock import at
from tests.people import guardianship, make_contact, make_pupil, make_user
from tests.sentences.accounts import CHANGES_SINCE_VERSION
from tests.sentences.portal import TERMS_REVIEW_DUE
from tests.sentences.reading import says

NOW = at("2026-11-10 10:00")
ADMIN = "/admin/accounts/termsversion/"


def draft(number=2, **more) -> TermsVersion:
    text = {"body_en": "Be kind and patient.", "body_cy": "Byddwch yn garedig ac amyneddgar."}
    days = {"dated": date(2026, 11, 9), "review_by": date(2028, 11, 9)}
    return TermsVersion.objects.create(number=number, **text | days | more)


@pytest.fixture
def published(people):
    return publish_terms(draft(), by=people.actor(people.head), at=at("2026-11-10 09:59"))


# -- what changed
def test_only_what_changed_is_shown_word_by_word():
    old = "Be kind to everybody here.\n\nNo adverts.\n\nPhotos stay here."
    new = "Be kind and patient to everybody here.\n\nPhotos stay here.\n\nAsk the office."
    assert changes(old, new) == [
        [Piece(SAME, "Be kind"), Piece(NEW, "and patient"), Piece(SAME, "to everybody here.")],
        [Piece(GONE, "No adverts.")],
        [Piece(NEW, "Ask the office.")],
    ]


def test_a_paragraph_that_is_another_altogether_went_and_came():
    assert changes("Be kind.", "Photos of pupils stay here.") == [
        [Piece(GONE, "Be kind.")],
        [Piece(NEW, "Photos of pupils stay here.")],
    ]


def test_line_breaks_and_blanks_are_no_change():
    assert changes("Be kind\nto all.\r\n\r\nAsk.", "Be  kind to all.\n\n\nAsk.\n") == []


# -- writing and publishing
@pytest.mark.policy("DO-1")
def test_leader_drafts_previews_and_publishes(people):
    client = people.client(people.deputy)
    text = {"body_en": "Be kind, always.", "body_cy": "Byddwch yn garedig bob amser."}
    days = {"dated": "2026-11-09", "review_by": "2028-11-09"}
    preview = client.post(f"{ADMIN}add/", text | days).headers["Location"]
    page = client.get(preview).content.decode()
    assert "Be kind, always." in page and "bob amser" in page and "<ins>" in page
    assert people.client(people.nia).get("/news/").status_code == 200
    assert client.post(preview).headers["Location"] == "/terms/agreed/"
    made = TermsVersion.objects.get(number=2)
    assert made.published_at == NOW
    assert AuditEntry.objects.filter(verb="terms.published", user=people.deputy.user).count() == 1
    assert people.client(people.nia).get("/news/").headers["Location"] == "/terms/agree/"


@pytest.mark.policy("DO-1")
def test_a_published_version_is_changed_and_deleted_by_nobody(people, published):
    for act in (
        lambda: TermsVersion.objects.filter(pk=published.pk).update(body_en="Be rich."),
        lambda: TermsVersion.objects.filter(pk=published.pk).update(published_at=None),
        lambda: TermsVersion.objects.filter(pk=published.pk).delete(),
    ):
        with (
            pytest.raises(Exception, match="Cannot update or delete"),
            transaction.atomic(),
        ):
            act()
    client = people.client(people.head)
    client.post("/terms/agree/", {"number": 2, "agree": "on"})
    assert client.post(f"{ADMIN}{published.pk}/change/", {"body_en": "Be rich."}).status_code == 403
    assert client.post(f"{ADMIN}{published.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_draft_is_still_written_and_thrown_away(people):
    row = draft()
    TermsVersion.objects.filter(pk=row.pk).update(body_en="Better.")
    assert people.client(people.head).post(f"{ADMIN}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not TermsVersion.objects.filter(pk=row.pk).exists()


def test_a_draft_that_was_published_meanwhile_is_not_saved(people, published):
    published.body_en = "Be rich."
    with pytest.raises(AlreadyPublished):
        save_draft(published, ["body_en"], by=people.actor(people.head))
    published.refresh_from_db()
    assert published.body_en == "Be kind and patient."


def test_what_somebody_agreed_to_is_not_rewritten(people):
    people.client(people.nia)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        TermsAcceptance.objects.update(accepted_at=at("2020-01-01 10:00"))


@pytest.mark.parametrize(
    "wrong",
    [{"body_cy": " \n"}, {"body_en": "\u200b"}, {"dated": date(2024, 1, 1), "review_by": date(2026, 11, 10)}],
)
def test_half_a_version_is_not_published(people, wrong):
    row = draft(**wrong)
    with pytest.raises(NotReady):
        publish_terms(row, by=people.actor(people.head), at=NOW)
    row.refresh_from_db()
    assert row.published_at is None


def test_a_version_is_published_once_and_no_older_one_after_it(people, published):
    by, older = people.actor(people.head), draft(number=3)
    with pytest.raises(AlreadyPublished):
        publish_terms(published, by=by, at=NOW)
    publish_terms(draft(number=4), by=by, at=NOW)
    with pytest.raises(NotTheNewest):
        publish_terms(older, by=by, at=NOW)


def test_the_office_reads_versions_and_publishes_none(people):
    row, client = draft(), people.client(people.office)
    assert client.get(f"{ADMIN}{row.pk}/preview/").status_code == 200
    assert client.post(f"{ADMIN}{row.pk}/preview/").status_code == 403
    assert client.get("/terms/agreed/").status_code == 404


# -- asked again
@pytest.mark.policy("PA-3")
def test_earlier_acceptance_shows_changes_in_ones_language(people):
    client = people.client(people.nia)
    publish_terms(draft(body_en="Be kind. Always."), by=people.actor(people.head), at=NOW)
    page = client.get("/terms/agree/").content.decode()
    assert says(page, CHANGES_SINCE_VERSION, number=1)
    assert "New:" in page and "<b>Always.</b>" in page and "<ins>" in page
    welsh = client.get("/terms/agree/", headers={"Accept-Language": "cy"}).content.decode()
    assert "amyneddgar" in welsh and "Always" not in welsh


@pytest.mark.policy("PA-3")
def test_a_page_that_was_open_leads_whole_to_the_terms(people):
    client = people.client(people.nia)
    assert client.get("/news/").status_code == 200
    publish_terms(draft(), by=people.actor(people.head), at=NOW)
    answer = client.get("/news/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/terms/agree/"
    assert client.post("/write/dinners/", {"body": "x"}).headers["Location"] == "/terms/agree/"


def test_first_acceptance_shows_the_terms_alone(people, published):
    client = people.client(people.nia)
    TermsAcceptance.objects.filter(user=people.nia).delete()
    assert "What has changed" not in client.get("/terms/agree/").content.decode()


@pytest.mark.policy("PA-3")
def test_staff_agree_each_for_themselves_at_a_shared_account(people, published):
    first = people.client(people.celyn, people.pritchard)
    assert first.get("/class/board/").headers["Location"] == "/terms/agree/"
    first.post("/terms/agree/", {"number": 2, "agree": "on"})
    assert first.get("/class/board/").status_code == 200
    second = people.client(people.celyn, people.adeyemi)
    assert second.get("/class/board/").headers["Location"] == "/terms/agree/"
    assert people.client(people.derwen, people.pritchard).get("/class/board/").status_code == 200


@pytest.mark.policy("PA-3")
def test_one_reads_later_what_one_agreed_to_and_nothing_else(people, published):
    client = people.client(people.nia)
    client.post("/terms/agree/", {"number": 2, "agree": "on"})
    page = client.get("/terms/yours/").content.decode()
    assert 'href="/terms/1/"' in page and 'href="/terms/2/"' in page and "10 November 2026" in page
    assert "Be kind." in client.get("/terms/1/").content.decode()
    newcomer = people.client(people.dylan)
    TermsAcceptance.objects.filter(user=people.dylan).delete()
    newcomer.post("/terms/agree/", {"number": 2, "agree": "on"})
    assert newcomer.get("/terms/1/").status_code == 404
    assert newcomer.get("/terms/2/").status_code == 200
    draft(number=3)
    assert client.get("/terms/3/").status_code == 404


# -- who has agreed
@pytest.mark.policy("PA-3")
def test_leaders_see_who_has_agreed_and_who_has_not_by_group(people, published):
    people.client(people.nia).post("/terms/agree/", {"number": 2, "agree": "on"})
    at_class = people.client(people.celyn, people.adeyemi)
    at_class.post("/terms/agree/", {"number": 2, "agree": "on"})
    head = people.client(people.head)
    head.post("/terms/agree/", {"number": 2, "agree": "on"})
    page = head.get("/terms/agreed/").content.decode()
    assert "1 of 4 have agreed" in page and "2 of 6 have agreed" in page
    missing = head.get("/terms/agreed/?group=parents&state=missing").content.decode()
    assert "Gareth Bowen" in missing and "Nia Bowen" not in missing and "Kai Nowak" not in missing
    staff = head.get("/terms/agreed/?group=staff&state=agreed").content.decode()
    assert "Mr Adeyemi" in staff and "Mrs Pritchard" not in staff


def test_list_of_acceptances_is_paged_with_constant_queries(people, django_assert_num_queries):
    head = people.client(people.head)
    head.get("/terms/agreed/")
    with CaptureQueriesContext(connection) as few:
        head.get("/terms/agreed/")
    for n in range(60):
        user = make_user(f"Adult {n:02}", f"adult{n}@family.example")
        guardianship(make_contact("Adult", f"{n:02}", user), make_pupil("Child", f"{n:02}", people.derwen))
    with django_assert_num_queries(len(few)):
        page = head.get("/terms/agreed/").content.decode()
    assert "1 to 50 of 64" in page
    assert "Adult 55" not in page and "Adult 55" in head.get("/terms/agreed/?page=2").content.decode()


@pytest.mark.parametrize("query", ["group=x", "state=x", "page=x", "page=-1", "page=99999999"])
def test_an_address_that_makes_no_sense_is_404(people, query):
    assert people.client(people.head).get(f"/terms/agreed/?{query}").status_code == 404


# -- review
@pytest.mark.policy("DO-1")
@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2028-09-09 12:00", ""),
        ("2028-09-10 12:00", TERMS_REVIEW_DUE % {"date": "09.11.2028"}),
        ("2028-11-09 12:00", TERMS_REVIEW_DUE % {"date": "09.11.2028"}),
        ("2028-11-10 12:00", "was due on 09.11.2028"),
    ],
)
def test_leaders_are_warned_sixty_days_before_the_review(people, published, clock, day, text):
    clock.set(day)
    client = people.client(people.head)
    client.post("/terms/agree/", {"number": 2, "agree": "on"})
    page = client.get("/").content.decode()
    assert ("review" in page.rpartition('<ul class="topics">')[0]) == bool(text)
    assert text in page
