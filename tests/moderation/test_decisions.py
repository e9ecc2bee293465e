"""Test reports, warnings, removals and lifting them (PA-9, AU-12)."""

from uuid import uuid4

import pytest

from accounts.enums import DeliveryState
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember, User
from accounts.notify.notify import NotificationText, notify
from accounts.notify.outbox import deliver_due
from malpas.lib.errors import RuleViolation
from malpas.lib.hidden import hide
from messaging.conversations.services.scheduling import announce_due
from messaging.models.conversations import Message
from moderation.models import Decision, Report
from stories.models import Post
from tests.clock import at
from tests.moderation import scene
from tests.people import give_account, make_staff


@pytest.mark.policy("AU-12")
def test_a_hidden_message_is_invisible_and_stays_on_record(people):
    message = scene.say(people)
    made = scene.report(people, message)
    both = [people.actor(people.nia), people.actor(people.celyn)]
    assert all(message in Message.objects.visible_to(who) for who in both)
    scene.decide("hide", made, by=people.actor(people.deputy))
    assert not any(message in Message.objects.visible_to(who) for who in both)
    message.refresh_from_db()
    assert (message.body, message.hidden_by) == (scene.RUDE, people.deputy)
    assert Notification.objects.get(kind="hidden").recipient == people.nia
    made.refresh_from_db()
    assert made.closed_at is None


@pytest.mark.policy("AU-12")
def test_f34_a_message_hidden_before_the_sweep_is_not_announced(people):
    message, other = scene.say(people), scene.say(people)
    scene.decide("hide", scene.report(people, message), by=people.actor(people.deputy))
    announce_due()
    message.refresh_from_db()
    other.refresh_from_db()
    assert message.announced_at is None
    assert other.announced_at is not None


@pytest.mark.policy("AU-12")
def test_f34_a_hidden_post_is_gone_for_parents(people):
    post = scene.post(people)
    made = scene.report(people, post, by=people.actor(people.nia))
    page = f"/report/post/{hide(post.pk)}/"
    assert people.client(people.sioned).get(page).status_code == 200
    scene.decide("hide", made, by=people.actor(people.head))
    assert people.client(people.sioned).get(page).status_code == 404


def test_hiding_what_is_hidden_says_so(people):
    made = scene.report(people)
    scene.decide("hide", made, by=people.actor(people.deputy))
    with pytest.raises(RuleViolation, match="already hidden"):
        scene.decide("hide", made, by=people.actor(people.head))


@pytest.mark.policy("PA-9")
def test_a_warning_is_mailed_in_working_hours_with_its_rule(people, clock):
    clock.set("2026-11-13 20:00")
    made = scene.report(people)
    scene.warn(people, report=made)
    mail = Delivery.objects.get(user=people.nia)
    assert mail.next_attempt_at == at("2026-11-16 08:30")
    assert "kind and polite" in mail.body and "/warnings/" in mail.body
    assert "Please be kind to staff" not in mail.body
    made.refresh_from_db()
    assert made.closed_at is not None


@pytest.mark.policy("PA-9")
def test_removal_without_a_warning_changes_nothing(people):
    with pytest.raises(RuleViolation, match="warning first"):
        scene.remove(people)
    assert not Decision.objects.exists()
    people.nia.refresh_from_db()
    assert people.nia.removed_at is None


@pytest.mark.policy("PA-9")
def test_a_warning_to_the_other_parent_is_no_warning(people):
    scene.warn(people, people.gareth)
    with pytest.raises(RuleViolation, match="warning first"):
        scene.remove(people)


@pytest.mark.policy("PA-9")
def test_a_serious_breach_needs_no_warning_but_a_reason(people):
    with pytest.raises(RuleViolation, match="write the reason"):
        scene.remove(people, serious_breach=True, reason=" \u200b ")
    scene.remove(people, serious_breach=True, reason="A threat.")
    people.nia.refresh_from_db()
    assert people.nia.removed_at is not None


@pytest.mark.policy("PA-9")
def test_removal_ends_both_browsers_and_spares_the_other_parent(people):
    phone, laptop, other = (people.client(who) for who in (people.nia, people.nia, people.gareth))
    other.get("/warnings/")  # the first page of a sign-in has no sign of drafts yet
    page, theirs = "/warnings/", other.get("/warnings/").content
    assert phone.get(page).status_code == laptop.get(page).status_code == 200
    scene.warn(people)
    scene.remove(people)
    for browser in (phone, laptop):
        answer = browser.get(page)
        assert answer.status_code == 302 and "login" in answer.url
    assert bare(other.get(page).content) == bare(theirs)


def bare(page: bytes) -> list[str]:
    """Return a page without its tokens, which differ at each request."""
    return [line for line in page.decode().splitlines() if "csrf" not in line.lower()]


@pytest.mark.policy("PA-9")
def test_nothing_of_the_removed_that_waits_goes_out(people, clock):
    scene.warn(people)
    clock.set("2026-11-10 20:00")
    waiting, meant = scene.say(people), scene.say(people, staff=people.pritchard)
    other = scene.say(people, people.gareth)
    notify(
        [people.nia],
        kind="news",
        key="news:1",
        text=lambda: NotificationText("a", "b", "/"),
        release_at=at("2026-11-11 08:30"),
    )
    scene.remove(people)
    assert not Message.objects.filter(pk__in=[waiting.pk, meant.pk], withdrawn_at__isnull=True).exists()
    clock.set("2026-11-11 08:31")
    announce_due()
    celyn = people.actor(people.celyn)
    assert other in Message.objects.visible_to(celyn)
    assert waiting not in Message.objects.visible_to(celyn)
    waiting.refresh_from_db()
    meant.refresh_from_db()
    assert waiting.withdrawn_because == "writer_removed" and waiting.announced_at is None
    assert meant.withdrawn_at is not None
    assert not Notification.objects.filter(kind="news").exists()
    assert not Delivery.objects.due().filter(user=people.nia).exists()


def test_a_post_of_theirs_that_waits_goes_nowhere_either(people, clock):
    clock.set("2026-11-10 20:00")
    waiting, other = scene.post(people), scene.post(people)
    Post.objects.filter(pk=waiting.pk).update(author=people.nia)
    scene.remove(people, serious_breach=True)
    clock.set("2026-11-11 08:31")
    assert set(Post.objects.arrived()) == {other}


@pytest.mark.policy("PA-9")
def test_the_removed_person_is_mailed_once_how_to_appeal(people, mailoutbox):
    scene.warn(people)
    scene.remove(people, reason="It went on.")
    deliver_due()
    [mail] = [mail for mail in mailoutbox if mail.to == [people.nia.email]]
    assert "It went on." in mail.body
    assert "concerns@school.example" in mail.body


@pytest.mark.policy("PA-9")
def test_access_ends_at_once_and_the_mail_waits_for_the_opening(people, clock):
    scene.warn(people)
    clock.set("2026-11-13 20:00")
    scene.remove(people)
    people.nia.refresh_from_db()
    assert people.nia.removed_at == at("2026-11-13 20:00")
    mail = Delivery.objects.get(address=people.nia.email, state=DeliveryState.PENDING)
    assert (mail.user, mail.next_attempt_at) == (None, at("2026-11-16 08:30"))


@pytest.mark.policy("PA-9")
def test_a_removal_is_lifted_and_the_person_signs_in_anew(people):
    browser = people.client(people.nia)
    assert browser.get("/warnings/").status_code == 200
    scene.warn(people)
    scene.remove(people)
    scene.decide("lift", people.nia, by=people.actor(people.deputy))
    assert browser.get("/warnings/").status_code == 302
    people.nia.refresh_from_db()
    assert people.client(people.nia).get("/warnings/").status_code == 200
    with pytest.raises(RuleViolation, match="already have access"):
        scene.decide("lift", people.nia, by=people.actor(people.deputy))


@pytest.mark.policy("PA-9")
def test_a_removed_person_is_neither_warned_nor_removed(people):
    for act in (scene.warn, scene.remove):
        with pytest.raises(RuleViolation, match="no access"):
            act(people, people.kai)


@pytest.mark.policy("PA-9")
@pytest.mark.parametrize("who", ["office", "deputy", "celyn", "mali"])
def test_staff_class_and_pupil_accounts_are_not_removed_here(people, who):
    subject = people.actor(getattr(people, who)).user
    for act in (scene.warn, scene.remove):
        with pytest.raises(RuleViolation, match="code of conduct"):
            act(people, subject, by=people.actor(people.head))


@pytest.mark.policy("PA-9")
@pytest.mark.parametrize("who", ["office", "celyn", "nia", "mali"])
def test_only_senior_leaders_decide(people, who):
    made, by = scene.report(people), people.actor(getattr(people, who))
    for act in (
        lambda: scene.decide("hide", made, by=by),
        lambda: scene.decide("close", made, by=by),
        lambda: scene.warn(people, people.gareth, by=by),
        lambda: scene.remove(people, people.gareth, by=by, serious_breach=True),
        lambda: scene.decide("lift", people.kai, by=by),
    ):
        with pytest.raises(RuleViolation, match="Somebody else"):
            act()
    assert not Decision.objects.exists()


def test_a25_a_new_leader_does_not_read_their_own_warning(people):
    decision = scene.warn(people)
    staff = give_account(make_staff("", "Nia", "Bowen", is_slt=True), people.nia)
    assert decision in Decision.objects.visible_to(people.actor(people.head))
    assert decision not in Decision.objects.visible_to(people.actor(staff))


def test_a_safeguarding_lead_reads_but_does_not_decide(people):
    StaffMember.objects.filter(pk=people.office.pk).update(is_safeguarding=True)
    people.office.refresh_from_db()
    lead, made = people.actor(people.office), scene.report(people, category="risk")
    assert made in Report.objects.visible_to(lead)
    with pytest.raises(RuleViolation, match="Somebody else"):
        scene.decide("close", made, by=lead)


@pytest.mark.policy("AU-11")
def test_a25_nobody_decides_about_their_own_item(people):
    made = scene.report(people, scene.post(people, people.deputy), by=people.actor(people.nia))
    with pytest.raises(RuleViolation, match="Somebody else"):
        scene.decide("hide", made, by=people.actor(people.deputy))
    scene.decide("hide", made, by=people.actor(people.head))


def test_a25_nobody_warns_or_restores_themselves(people):
    for act in (scene.warn, scene.remove):
        with pytest.raises(RuleViolation, match="Somebody else"):
            act(people, people.deputy.user, by=people.actor(people.deputy))


@pytest.mark.policy("AU-11")
def test_a_report_about_staff_has_outcomes_of_its_own(people):
    head = people.actor(people.head)
    answers = [scene.say(people, staff=people.adeyemi) for _ in range(2)]
    first, second = (scene.report(people, answer, by=people.actor(people.nia)) for answer in answers)
    assert scene.decide("close", first, by=head, reason="We have spoken.").kind == "conduct"
    assert scene.decide("close", second, by=head).kind == "nothing"
    with pytest.raises(RuleViolation):
        scene.warn(people, people.celyn.account, by=head)


def test_a_report_is_decided_once(people):
    made = scene.report(people)
    scene.decide("close", made, by=people.actor(people.deputy))
    for act in (scene.warn, scene.remove):
        with pytest.raises(RuleViolation, match="already decided"):
            act(people, report=made)


def test_a_report_about_one_parent_decides_nothing_about_another(people):
    with pytest.raises(RuleViolation, match="somebody else"):
        scene.warn(people, people.gareth, report=scene.report(people))


def test_a_repeated_request_returns_the_first_decision(people):
    made, key = scene.report(people), uuid4()
    first, second = (scene.warn(people, report=made, key=key) for _ in range(2))
    assert first == second
    assert Decision.objects.count() == 1
    assert Delivery.objects.filter(user=people.nia).count() == 1


def test_a_warning_names_a_rule_of_the_list_and_what_happened(people):
    for wrong, sentence in (({"clause": "PU-3"}, "choose the rule"), ({"reason": "  "}, "what happened")):
        with pytest.raises(RuleViolation, match=sentence):
            scene.warn(people, **wrong)


def test_each_decision_is_on_record_once(people):
    made = scene.report(people)
    scene.decide("hide", made, by=people.actor(people.deputy))
    scene.warn(people, report=made)
    scene.remove(people)
    scene.decide("lift", people.nia, by=people.actor(people.deputy))
    verbs = list(AuditEntry.objects.filter(verb__startswith="decision.").values_list("verb", flat=True))
    assert sorted(verbs) == ["decision.hide", "decision.lift", "decision.removal", "decision.warning"]


def test_staff_without_a_role_are_parents_like_others(people):
    give_account(make_staff("", "Nia", "Bowen"), people.nia)
    scene.warn(people)
    scene.remove(people)
    assert User.objects.get(pk=people.nia.pk).removed_at is not None
