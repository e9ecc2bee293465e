"""Find reports and decisions, take and present snapshots, find who reads them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.core.signing import BadSignature, Signer
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat
from django.http import Http404
from django.shortcuts import get_list_or_404, get_object_or_404

from accounts.actor import Actor
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember, User
from accounts.sessions.queries import signed_in_devices
from classes.models.guardianships import Guardianship
from messaging.conversations.queries.access import get_message_for
from messaging.conversations.queries.context import context_of
from messaging.models.attachments import Attachment
from messaging.models.conversations import Message
from moderation.enums import DecisionKind
from moderation.models import Decision, Report
from stories.models import Post
from stories.notifications import key_of
from stories.queries import get_post_for, post_snapshot

SEEN = Signer(salt="moderation.report")
WITH_PEOPLE = ("author", "author_staff", "reporter", "reporter_staff")


def _claim(model: type[Message | Post], pk: int, actor: Actor) -> str:
    return f"{model._meta.label}:{pk}:{actor.user.pk}:{actor.staff.pk if actor.staff else ''}"


def seen_sign(item: Message | Post, actor: Actor) -> str:
    """Sign that this actor could see the item."""
    return SEEN.sign(_claim(type(item), item.pk, actor))


def get_seen(model: type[Message | Post], pk: int, actor: Actor, sign: str) -> Message | Post:
    """Return an item that has disappeared, given the signed proof.

    Raises Http404 for another item or actor. Hidden, taken down or withdrawn items stay on record, and so do those of
    an ended guardianship: only access to them ends (TE-7, AU-7).
    """
    try:
        if SEEN.unsign(sign) != _claim(model, pk, actor):
            raise Http404
    except BadSignature:
        raise Http404 from None
    return get_object_or_404(Post, pk=pk) if model is Post else get_object_or_404(Message, pk=pk)


def get_to_report(
    model: type[Message | Post], pk: int, actor: Actor, sign: str = ""
) -> tuple[Message | Post, bool]:
    """Return the item to report, and whether it is still visible.

    Raises Http404 (TE-7).
    """
    try:
        return (get_post_for if model is Post else get_message_for)(actor, pk), True
    except Http404:
        return get_seen(model, pk, actor, sign), False


def reports_without_words(actor: Actor) -> QuerySet[Report]:
    """Filter the reports that this actor may read, for a list.

    What people wrote stays in the database.
    Who is shown the words is on record (`services.reports.mark_opened`), and a list opens nothing.
    """
    classroom = Coalesce(
        KT("snapshot__conversation__classroom"),
        KT("snapshot__post__classroom"),
        Value(""),
        output_field=TextField(),
    )
    rows = Report.objects.visible_to(actor).defer("snapshot", "note")
    return rows.annotate(classroom=classroom)  # type: ignore[no-redef]  # declared at the model


def get_report_for(actor: Actor, pk: int) -> Report:
    """Return a report that this actor may read. Raises Http404 (TE-7, AU-11)."""
    reports = Report.objects.visible_to(actor).select_related(*WITH_PEOPLE, "message", "post")
    return get_object_or_404(reports, pk=pk)


def get_own_report(actor: Actor, pk: int) -> Report:
    """Return a report that this actor made. Raises Http404."""
    mine = Report.objects.filter(reporter=actor.user, reporter_staff=actor.staff)
    return get_object_or_404(mine.select_related("author_staff"), pk=pk)


def snapshot(item: Message | Post) -> dict[str, object]:
    """Return the item and its context as plain data (TE-7).

    `conversation`: child, class and `lines` (see `messaging.conversations.queries.messages.context_of`). `post`: see
    `stories.queries.post_snapshot`.
    """
    if isinstance(item, Post):
        return {"post": post_snapshot(item)}
    pupil = item.conversation.pupil
    classroom = pupil.classroom.name if pupil.classroom else ""
    return {"conversation": {"child": str(pupil), "classroom": classroom, "lines": context_of(item)}}


@dataclass(frozen=True)
class Line:
    """One message or post of a snapshot.

    `at`: when it was sent or released.
    """

    by: str
    is_staff: bool
    body: str
    at: datetime
    is_reported: bool = True
    files: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class SnapshotView:
    """A report's snapshot, shaped for a page. `photos`: their descriptions."""

    title: str
    classroom: str
    lines: list[Line]
    photos: list[str] = field(default_factory=list)


def present_snapshot(report: Report) -> SnapshotView:
    """Return the report's snapshot, shaped for a page.

    The item itself is never read again (A66).
    """
    if post := report.snapshot.get("post"):
        said = Line(post["signed"], True, post["body"], datetime.fromisoformat(post["release_at"]))
        photos = [photo["alt"] for photo in post["photos"]]
        return SnapshotView(post["title"], post["classroom"] or "", [said], photos)
    conversation = report.snapshot["conversation"]
    lines = [
        Line(
            line["staff"] or line["author"],
            bool(line["staff"]),
            line["body"],
            datetime.fromisoformat(line["sent_at"]),
            line["reported"],
            line.get("files", []),
        )
        for line in conversation["lines"]
    ]
    return SnapshotView(conversation["child"], conversation["classroom"], lines)


def get_reported_file(actor: Actor, pk: int, name: str) -> Attachment:
    """Return a file of a report that the actor may read.

    Raises Http404 (TE-7).
    """
    lines = get_report_for(actor, pk).snapshot.get("conversation", {}).get("lines", [])
    if not any(file["name"] == name for line in lines for file in line.get("files", [])):
        raise Http404
    return get_list_or_404(Attachment, name=name, cleared_at__isnull=False)[0]


def readers_of(report: Report) -> QuerySet[StaffMember]:
    """Return the staff who are notified: those who may read the report.

    The same people as `Report.objects.visible_to` (TE-7, AU-7, AU-11).
    """
    about_colleague = report.author_staff is not None and not report.author_staff.is_head
    staff = StaffMember.objects.heads() if about_colleague else StaffMember.objects.leaders()
    if report.is_risk:
        staff = staff | StaffMember.objects.safeguarding()
    staff = staff.reachable()
    if report.author_staff:
        staff = staff.exclude(pk=report.author_staff.pk)
    return staff.exclude(user=report.author).select_related("user")


def history_of(report: Report) -> QuerySet[Decision]:
    """Return earlier decisions about the reported person, newest first.

    At a class account: only those about the same member of staff.
    """
    decisions = Decision.objects.filter(subject=report.author)
    if report.author_staff:
        decisions = decisions.filter(report__author_staff=report.author_staff)
    return decisions.select_related("made_by")


def warnings_of(user: User) -> QuerySet[Decision]:
    """Return every warning given to this person, delivered or not (PA-9)."""
    return Decision.objects.filter(subject=user, kind=DecisionKind.WARNING)


def received_warnings(user: User) -> QuerySet[Decision]:
    """Return the warnings that have reached this person, newest first (PA-9).

    By the database's clock. Each has `is_unread`: the person has not confirmed reading it.
    """
    notified = Notification.objects.visible_to(user).filter(
        key=Concat(Value("warning:"), Cast(OuterRef("pk"), CharField()))
    )
    warnings = warnings_of(user).select_related("made_by").filter(Exists(notified))
    return warnings.annotate(is_unread=Exists(notified.filter(seen_at__isnull=True)))


def get_decision_for(actor: Actor, pk: int) -> Decision:
    """Return a decision that this actor may read. Raises Http404."""
    decisions = Decision.objects.visible_to(actor).select_related("subject", "made_by", "report")
    return get_object_or_404(decisions, pk=pk)


class DecisionEnds(NamedTuple):
    """What a decision ends at once.

    `mails`: unsent e-mails about the reported item. `devices`, `children`, `waiting`: of a person who is removed, their
    signed-in devices, the children they see, and messages that have not arrived. `others`: further undecided reports.
    """

    mails: int
    devices: int
    children: int
    waiting: int
    others: int


def decision_ends(actor: Actor, report: Report, act: str, at: datetime) -> DecisionEnds:
    """Return what hiding the item, or removing its writer, ends."""
    person = report.author if act == "remove" else None
    undecided = (
        Report.objects.visible_to(actor)
        .undecided()
        .filter(author=report.author, author_staff=report.author_staff)
    )
    waiting = Q(author=person) | Q(conversation__parent=person)
    item = key_of(report.post) if report.post else f"message:{report.message_id}"
    mails = Delivery.objects.filter(notification__key=item, state=DeliveryState.PENDING)
    return DecisionEnds(
        mails=0 if person else mails.count(),
        devices=len(signed_in_devices(person, "", at=at)) if person else 0,
        children=Guardianship.objects.live().filter(contact__user=person).count() if person else 0,
        waiting=Message.objects.filter(waiting).pending().count() if person else 0,
        others=undecided.exclude(pk=report.pk).count(),
    )


def abouts_not_for(actor: Actor) -> list[str]:
    """Return the reports and decisions that this actor may not read.

    As the audit log names them.
    """
    return [
        f"{model._meta.label_lower}:{pk}"
        for model in (Report, Decision)
        for pk in model.objects.exclude(pk__in=model.objects.visible_to(actor).values("pk")).values_list(
            "pk", flat=True
        )
    ]
