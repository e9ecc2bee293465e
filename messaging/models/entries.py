"""Store what is written under an enquiry (PA-7, TE-4).

Answers, notes, and what the family adds.
"""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q, Value

from accounts.clock import SchoolNow, ThisInstant
from accounts.models.people import StaffMember, User
from malpas.lib.db.append_only import ALL, append_only
from malpas.lib.hours import NOT_YET_KNOWN
from messaging.enums import (
    EntryKind,
)
from messaging.models.conversations import ON_ITS_WAY
from messaging.models.enquiries import Enquiry
from messaging.models.enquiry_triggers import (
    ANSWER_HAS_A_READER,
    ENTRY_STAYS,
)


class EntryQuerySet(models.QuerySet["Entry"]):
    def not_withdrawn(self) -> EntryQuerySet:
        """Filter out what its writer has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def pending(self) -> EntryQuerySet:
        """Filter answers that have not arrived.

        For the condition of an update that races with the arrival. Such an update loses a guardianship.
        """
        last = ThisInstant() + Value(ON_ITS_WAY, models.DurationField())
        return self.not_withdrawn().filter(kind=EntryKind.ANSWER, release_at__gt=last)


@append_only(updates=[ALL])
class Entry(models.Model):
    """Store one entry under an enquiry.

    `staff` is empty where the family writes. An answer written in quiet hours reaches the family at
    `release_at`, the next opening. Until then its writer may change or withdraw it (TE-4); nothing else is
    ever changed. `took`: the enquiry was taken by it.
    """

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="entries")
    kind = models.TextField(choices=EntryKind)
    body = models.TextField(max_length=5000)
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.UUIDField()
    at = models.DateTimeField(db_default=SchoolNow())
    release_at = models.DateTimeField(db_default=SchoolNow())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    took = models.BooleanField(default=False, db_default=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="entry_once"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.FAMILY, staff__isnull=True)
                | (~Q(kind=EntryKind.FAMILY) & Q(staff__isnull=False)),
                name="entry_names_its_staff",
            ),
        ]
        triggers = [
            ENTRY_STAYS,
            ANSWER_HAS_A_READER,
            pgtrigger.Trigger(
                name="entry_is_its_familys_or_staffs",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.user_id AND u.kind = 'person')
                OR (NEW.kind = 'family' AND NOT EXISTS (
                    SELECT 1 FROM messaging_enquiry e WHERE e.id = NEW.enquiry_id AND e.parent_id = NEW.user_id
                )) THEN
                    RAISE EXCEPTION 'entry_is_its_familys_or_staffs' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def arrives(self) -> datetime | None:
        """Return when the family sees it, or None.

        None before the next term is entered.
        """
        return self.release_at if self.release_at < NOT_YET_KNOWN else None
