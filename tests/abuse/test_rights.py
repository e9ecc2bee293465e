"""A foreign id in an address, a field or a header opens nothing, asked by a page or by htmx (A19–A22)."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models.terms import TermsVersion
from classes.models.guardianships import Guardianship
from malpas.lib.hidden import hide
from messaging.models.conversations import Conversation, Message
from messaging.models.enquiries import Enquiry
from moderation.models import Decision, Report
from points.models import Award
from stories.models import Post
from tests.abuse.kit import browser_of, rows
from tests.messaging.school_time import from_parent
from tests.structure.access import ACCESS
from tests.structure.world import CANARY, say

METHODS = ["get", "post", "head", "put", "delete", "patch", "options"]
HTMX = [{}, {"HX-Request": "true"}, {"HX-Request": "true", "HX-Target": "chosen", "HX-Boosted": "true"}]
STRANGERS = ["nobody", "parent of another class", "removed parent", "another class", "pupil"]
COUNTED = [Award, Message, Conversation, Enquiry, Post, Report, Decision, Guardianship]


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


def facts() -> list:
    """What a stranger could change without adding a row."""
    return [
        list(Message.objects.order_by("pk").values_list("body", "withdrawn_at", "read_at", "hidden_at")),
        list(Post.objects.order_by("pk").values_list("title", "body", "withdrawn_at", "hidden_at")),
        list(Enquiry.objects.order_by("turn").values_list("state", "taken_by")),
        list(Award.objects.order_by("pk").values_list("undone_at", "points")),
    ]


@pytest.mark.parametrize("headers", HTMX[:2], ids=["page", "htmx"])
def test_A21_no_stranger_gets_a_fragment_by_any_method(world, headers):
    owner = browser_of(world, world.people.nia)
    conversation = reverse("conversation_news", args=[world.conversation.pk])
    assert CANARY in owner.get(conversation, {"mark": "x"}, headers=headers).content.decode()
    everybody = world.people.everybody()
    before, wrong = (counts(), facts()), []
    for name, row, path in rows(world):
        for person in STRANGERS:
            if person in row.ok:
                continue
            browser = everybody[person] or type(owner)()
            browser.raise_request_exception = False
            for method in METHODS if person == "parent of another class" else METHODS[:2]:
                answer = getattr(browser, method)(path, headers=headers)
                body = b"" if answer.streaming else answer.content
                if answer.status_code >= 500 or CANARY.encode() in body:
                    wrong.append(f"{method} {name} for {person}: {answer.status_code}")
    assert wrong == []
    assert (counts(), facts()) == before


@pytest.mark.parametrize("headers", HTMX[:2], ids=["page", "htmx"])
def test_A21_without_sign_in_htmx_gets_a_redirect_and_nothing_else(world, client, headers):
    for name, row, path in rows(world):
        answer = (
            client.post(path, headers=headers) if row.method == "post" else client.get(path, headers=headers)
        )
        to, status = ("HX-Redirect", 200) if headers else ("Location", 302)  # a page moves as a whole
        assert (answer.status_code, to in answer.headers) == (status, True), name
        sign_in = "/pupil/?next=" if name in {"pupil_page", "pupil_dragon"} else "/account/login/"
        assert answer.headers[to].startswith(sign_in), name
        assert answer.content == b"", name


def test_a_poll_without_a_sign_in_moves_the_whole_page_to_it(people, client):
    message = from_parent(people)
    page = f"/messages/{message.conversation_id}/"
    asked = {"HX-Current-URL": f"http://testserver{page}?before=7"}
    answer = client.get(f"{page}new/?mark=x", headers=HTMX[1] | asked)
    assert answer.status_code == 200 and answer.content == b""
    assert answer["HX-Redirect"] == f"/account/login/?next={page}%3Fbefore%3D7"
    assert client.get(f"{page}new/?mark=x").status_code == 302


def award(world, *pupils, **fields):
    return {
        "pupil": [each.pk for each in pupils],
        "behaviour": world.behaviour.pk,
        "key": str(uuid4()),
    } | fields


def test_A19_a_class_gives_no_point_to_a_child_of_another(world):
    people, path = world.people, reverse("board_award")
    browser = browser_of(world, people.celyn)
    assert browser.post(path, award(world, people.mali)).status_code == 302
    before = Award.objects.count()
    for headers in HTMX:
        for chosen in ([people.rhys], [people.mali, people.rhys]):
            assert browser.post(path, award(world, *chosen), headers=headers).status_code == 404
            assert (
                browser.get(path, {"pupil": [each.pk for each in chosen]}, headers=headers).status_code == 404
            )
    assert Award.objects.count() == before


def test_A19_a_class_undoes_nothing_that_another_gave(world):
    people, sent = world.people, award(world, world.people.mali)
    browser_of(world, people.celyn).post(reverse("board_award"), sent)
    given = Award.objects.get(key=sent["key"])
    other = browser_of(world, people.derwen, people.howells)
    for headers in HTMX:
        answer = other.post(reverse("board_undo"), {"key": sent["key"]}, headers=headers)
        assert answer.status_code == 404
    given.refresh_from_db()
    assert given.undone_at is None
    assert (
        browser_of(world, people.celyn).post(reverse("board_undo"), {"key": sent["key"]}).status_code == 302
    )
    given.refresh_from_db()
    assert given.undone_at


def test_A19_the_board_names_no_chosen_child_of_another_class(world):
    people = world.people
    browser = browser_of(world, people.celyn)
    headers = {"HX-Request": "true", "HX-Target": "chosen"}
    assert (
        "Mali" in browser.get(reverse("board"), {"pupil": people.mali.pk}, headers=headers).content.decode()
    )
    shown = browser.get(reverse("board"), {"pupil": people.rhys.pk}, headers=headers).content.decode()
    assert "Rhys" not in shown


@pytest.mark.parametrize("topic", ["dinners", "urgent", "other"])
def test_A19_nobody_writes_to_the_office_about_another_familys_child(world, topic):
    people, path = world.people, reverse("write_topic", args=[topic])
    browser, before = browser_of(world, people.nia), Enquiry.objects.count()
    sent = {"body": "Hello", "phone": "01632 960000", "key": str(uuid4()), "confirm": "1"}
    sent |= {"about": "menu", "by_when": "3.15 today"}
    for foreign in (people.efa, people.rhys):
        answer = browser.post(path, sent | {"child": foreign.pk})
        assert answer.status_code == 422
        assert foreign.preferred_forename not in answer.content.decode()
    assert Enquiry.objects.count() == before
    assert browser.post(path, sent | {"child": people.mali.pk}).status_code == 302


def test_A19_the_class_opens_no_conversation_with_a_pair_that_does_not_belong_together(world):
    people = world.people
    browser = browser_of(world, people.celyn)
    right = reverse("family_conversation", args=[people.efa.pk, people.sioned.pk])
    assert browser.get(right).status_code == 200
    before = Conversation.objects.count()
    for pupil, parent in [
        (people.mali, people.sioned), (people.efa, people.nia), (people.rhys, people.dylan),
        (people.tomos, people.sioned), (people.zofia, people.kai), (people.mali, people.celyn.account),
    ]:  # fmt: skip
        path = reverse("family_conversation", args=[pupil.pk, parent.pk])
        for headers in HTMX:
            assert browser.get(path, headers=headers).status_code == 404, (pupil, parent)
            sent = {"body": "Hello", "key": str(uuid4())}
            assert browser.post(path, sent, headers=headers).status_code == 404, (pupil, parent)
    assert Conversation.objects.count() == before


def test_A19_a_parent_pages_by_no_message_of_another_conversation(world):
    people = world.people
    other = Conversation.objects.create(pupil=people.mali, parent=people.gareth)
    foreign = say(other, people.gareth, None, "Mine alone.", "2026-11-09 10:00", "2026-11-09 10:00")
    path = reverse("conversation", args=[world.conversation.pk])
    browser = browser_of(world, people.nia)
    assert browser.get(path, {"before": hide(world.reply.pk)}).status_code == 200
    assert browser_of(world, people.gareth).get(reverse("conversation", args=[other.pk])).status_code == 200
    assert browser.get(path, {"before": hide(foreign.pk)}).status_code == 404


def test_A19_an_enquirys_reference_opens_nothing_for_another_parent(world):
    path = reverse("write_done", args=["K234567"])
    assert browser_of(world, world.people.nia).get(path).status_code == 200
    for spelling in ("K234567", "k 234 567", "K%20234%20567"):
        path = reverse("write_done", args=[spelling])
        assert browser_of(world, world.people.gareth).get(path).status_code == 404


KEYED = {
    "message": (Message, lambda world: reverse("child_conversation", args=[world.people.mali.pk]), {"body": "Hi"}),
    "enquiry": (Enquiry, lambda world: reverse("write_topic", args=["other"]), {"body": "Hi", "confirm": "1"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", KEYED)
def test_A19_a_key_of_somebody_else_returns_nothing_of_theirs(world, kind):
    model, address, sent = KEYED[kind]
    people, path, sent = world.people, address(world), sent | {"key": str(uuid4())}
    before = model.objects.count()
    first = browser_of(world, people.nia).post(path, sent)
    again = browser_of(world, people.nia).post(path, sent)
    assert (first.status_code, first.headers["Location"]) == (302, again.headers["Location"])
    assert model.objects.count() == before + 1
    other = browser_of(world, people.gareth).post(path, sent)
    assert other.status_code == 302 and other.headers["Location"] != first.headers["Location"]
    assert model.objects.count() == before + 2


def test_A19_a_key_of_another_class_gives_its_own_points_and_its_own_story(world):
    people, key = world.people, str(uuid4())
    for classroom, staff, pupil in [
        (people.celyn, people.pritchard, people.mali), (people.derwen, people.howells, people.rhys)
    ]:  # fmt: skip
        browser = browser_of(world, classroom, staff)
        browser.post(reverse("board_award"), award(world, pupil, key=key))
        browser.post(reverse("post_new"), {"title": classroom.name, "body": "Hello", "key": key})
    assert sorted(Award.objects.filter(key=key).values_list("pupil", flat=True)) == sorted(
        [people.mali.pk, people.rhys.pk]
    )
    assert sorted(Post.objects.filter(key=key).values_list("title", flat=True)) == ["Celyn", "Derwen"]


def test_A19_a_key_used_again_for_other_children_gives_them_nothing(world):
    people, path = world.people, reverse("board_award")
    browser, sent = browser_of(world, people.celyn), award(world, world.people.mali)
    browser.post(path, sent)
    browser.post(path, sent | {"pupil": [people.efa.pk]})
    assert list(Award.objects.filter(key=sent["key"]).values_list("pupil", flat=True)) == [people.mali.pk]


FORGED = {
    "role": "slt", "is_staff": "1", "is_slt": "1", "is_superuser": "on", "kind": "person", "author": "1", "author_id": "1",
    "staff": "1", "staff_id": "1", "from_class": "true", "school": "2", "points": "500", "given_by": "1", "undone_at": "",
    "release_at": "2020-01-01T00:00:00Z", "released_at": "2020-01-01", "sent_at": "2020-01-01", "written_at": "2020-01-01",
    "given_at": "2020-01-01", "announced_at": "2020-01-01", "read_at": "2020-01-01", "hidden_at": "2020-01-01", "classroom": "",
    "state": "closed", "taken_by": "1", "reference": "K 111 111", "parent": "1", "conversation": "1", "name": "Mrs Vaughan",
}  # fmt: skip


def test_A20_fields_that_are_not_in_the_form_change_nothing(world, clock):
    people = world.people
    now = clock.set("2026-11-10 10:00")
    browser_of(world, people.gareth).post(
        reverse("child_conversation", args=[people.mali.pk]), FORGED | {"body": "Forged", "key": str(uuid4())}
    )
    message = Message.objects.get(body="Forged")
    assert (message.author, message.staff, message.from_class) == (people.gareth, None, False)
    assert (message.sent_at, message.release_at) == (now, now)
    assert (message.announced_at, message.read_at, message.hidden_at) == (None, None, None)
    browser_of(world, people.celyn).post(reverse("board_award"), FORGED | award(world, people.efa))
    given = Award.objects.get(pupil=people.efa)
    assert (given.points, given.given_by, given.given_at) == (1, people.pritchard, now)
    browser_of(world, people.celyn).post(
        reverse("post_new"), FORGED | {"title": "Forged", "body": "x", "key": str(uuid4())}
    )
    post = Post.objects.get(title="Forged")
    assert (post.classroom, post.staff, post.release_at) == (people.celyn, people.pritchard, now)
    browser_of(world, people.nia).post(
        reverse("write_topic", args=["other"]),
        FORGED | {"body": "Forged", "confirm": "1", "key": str(uuid4())},
    )
    enquiry = Enquiry.objects.get(body="Forged")
    assert (enquiry.state, enquiry.taken_by, enquiry.parent) == ("new", None, people.nia)
    assert enquiry.reference != "K 111 111"
    browser_of(world, people.nia).post(reverse("set_language"), FORGED | {"language": "cy"})
    people.nia.refresh_from_db()
    assert (people.nia.language, people.nia.kind, people.nia.name) == ("cy", "person", "Nia Bowen")


@pytest.mark.parametrize("who", ["nia", "celyn", "mali"])
def test_A20_the_admin_takes_nothing_from_those_whom_it_is_closed_to(world, who):
    people = world.people
    path = reverse("admin:accounts_termsversion_add")
    assert people.client(people.head).get(path).status_code == 200
    browser = browser_of(world, getattr(people, who))
    text = {"body_en": "Mallory’s terms", "body_cy": "x", "dated": "2026-11-10", "review_by": "2028-11-10"}
    with transaction.atomic():
        assert browser.post(path, text).status_code in (302, 404)
    assert not TermsVersion.objects.exclude(pk=people.terms.pk).exists()


def test_A22_a_parent_reads_no_name_and_no_address_of_anybody_elses_family(world):
    people = world.people
    for pupil, parent in [(people.efa, people.sioned), (people.mali, people.gareth)]:
        path = reverse("family_conversation", args=[pupil.pk, parent.pk])
        assert parent.name in browser_of(world, people.celyn).get(path).content.decode()
    browser = browser_of(world, people.nia)
    foreign = ["Sioned", "Dylan", "Gareth", "Efa", "Rhys", "family.example", "eleri.vaughan@", "joan.lewis@"]
    for name, row, path in rows(world):
        if row.method == "get" and "parent" in row.ok:
            shown = browser.get(path)
            words = "" if shown.streaming else shown.content.decode().replace(people.nia.email, "")
            assert [each for each in foreign if each in words] == [], name


def test_A25_nobody_changes_or_deletes_what_was_decided_or_written_down(world):
    people = world.people
    key = str(uuid4())
    head = browser_of(world, people.head)
    act = reverse("admin:moderation_report_decide", args=[world.report.pk, "warn"])
    assert head.post(act, {"key": key, "clause": "AU-1", "reason": "Please be kind."}).status_code == 302
    decision = Decision.objects.get(key=key)
    for who in (people.head, people.deputy, people.office):
        browser = browser_of(world, who)
        for model, pk in [("moderation_decision", decision.pk), ("moderation_report", world.report.pk)]:
            for verb in ("change", "delete"):
                path = reverse(f"admin:{model}_{verb}", args=[pk])
                assert browser.post(path, {"post": "yes", "words": "Gone"}).status_code in (403, 404, 405), (
                    path
                )
        listed = reverse("admin:accounts_auditentry_changelist")
        browser.post(listed, {"action": "delete_selected", "_selected_action": "1", "post": "yes"})
    assert Decision.objects.get(pk=decision.pk).reason == "Please be kind."
    for who in (people.celyn, people.nia, people.office):
        assert browser_of(world, who).post(act, {"key": str(uuid4())}).status_code in (302, 404)
    assert Decision.objects.count() == 1


def test_A25_nobody_decides_about_their_own_words(world):
    people = world.people
    post = Post.objects.create(
        author=people.deputy.user, staff=people.deputy, title="Mine", body="NotificationText", key=uuid4(),
        written_at="2026-11-09T09:00Z", release_at="2026-11-09T09:00Z",
    )  # fmt: skip
    browser_of(world, people.nia).post(reverse("report_post", args=[post.pk]), {"category": "rude"})
    report = Report.objects.get(post=post)
    path = reverse("admin:moderation_report_decide", args=[report.pk, "close"])
    assert browser_of(world, people.deputy).post(path, {"key": str(uuid4())}).status_code == 404
    assert browser_of(world, people.head).post(path, {"key": str(uuid4())}).status_code == 302


def test_A29_every_row_of_the_table_is_tried_here():
    assert len(ACCESS) >= 40
