"""Notifications and their e-mails.

The rows are the queue; workers only carry them.
"""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import SchoolNow
from accounts.enums import DeliveryState
from accounts.models.people import User
from accounts.models.sealing import seal_stays, sealed_field

# Stands in a text that waits for the name of the child or class that it is about: a private character of Unicode. The
# name is filled in when the mail goes (`accounts.hooks.name_now`), so that it is never an old one.
NAME = "\ue000"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> "NotificationQuerySet":
        return self.filter(recipient=user, release_at__lte=SchoolNow(), withdrawn_at__isnull=True)


class Notification(models.Model):
    """One notification to one person; (recipient, key) is unique, so a replay adds none."""

    recipient = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    path = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=SchoolNow())
    release_at = models.DateTimeField(db_default=SchoolNow())
    seen_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_sealed = sealed_field()

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notification_once")]
        triggers = [seal_stays("notification_seal_stays")]

    def __str__(self) -> str:
        return self.title


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> "DeliveryQuerySet":
        """Return due pending rows and rows whose sender died, however old."""
        waiting = Q(state=DeliveryState.PENDING, next_attempt_at__lte=SchoolNow())
        orphaned = Q(state=DeliveryState.SENDING, lease_until__lte=SchoolNow())
        return self.filter(waiting | orphaned)

    def visible_to(self, actor: Actor | None) -> "DeliveryQuerySet":
        """Leave out sealed mail for everybody but the governor.

        It reveals a complaint (PA-7).
        """
        return self.all() if actor is not None and actor.is_governor else self.filter(is_sealed=False)

    def for_any_hour(self) -> "DeliveryQuerySet":
        """Return mail that may pass the quiet hours.

        Requested just now, or a risk to a child.
        """
        return self.filter(any_hour=True)

    def cancel(self) -> int:
        """Cancel unsent mail and wipe its text; return how many.

        One being sent may have gone.
        """
        unsent = self.filter(state__in=[DeliveryState.PENDING, DeliveryState.SENDING])
        return unsent.update(state=DeliveryState.CANCELLED, body="")


class Delivery(models.Model):
    """One e-mail. Its text is wiped once sent.

    `message_id` is the same for all attempts. `digest`: the kind of notifications that it gathers, '' for
    one alone; `notices`: how many.
    """

    notification = models.ForeignKey(
        Notification, models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="deliveries")
    address = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    created_at = models.DateTimeField(db_default=SchoolNow())
    next_attempt_at = models.DateTimeField(db_default=SchoolNow())
    lease_until = models.DateTimeField(null=True, blank=True)
    any_hour = models.BooleanField(default=False, db_default=False)
    digest = models.TextField(max_length=40, blank=True, default="", db_default="", editable=False)
    notices = models.BigIntegerField(default=1, db_default=1, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    unsure = models.PositiveBigIntegerField(_("may have gone twice"), default=0, db_default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("reason"), max_length=300, blank=True)
    is_sealed = sealed_field()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="delivery_waiting",
                condition=Q(state__in=[DeliveryState.PENDING, DeliveryState.SENDING]),
            )
        ]
        triggers = [
            seal_stays("delivery_seal_stays"),
            # Mail of a sealed notification, and all mail to the governor: a sign-in code too would reveal a complaint.
            pgtrigger.Trigger(
                name="delivery_is_sealed_when_written",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                NEW.is_sealed := NEW.is_sealed OR EXISTS (
                    SELECT 1 FROM accounts_notification n WHERE n.id = NEW.notification_id AND n.is_sealed
                ) OR EXISTS (
                    SELECT 1 FROM accounts_staffmember s JOIN accounts_user u ON u.id = s.user_id
                    WHERE s.is_governor AND (u.id = NEW.user_id OR lower(u.email) = lower(NEW.address))
                );
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.subject.replace(NAME, "…")


class Sweep(models.Model):
    """When each periodic task last ran.

    So a dead beat shows though nothing is due.
    """

    name = models.TextField(primary_key=True)
    done_at = models.DateTimeField(db_default=SchoolNow())

    def __str__(self) -> str:
        return self.name
