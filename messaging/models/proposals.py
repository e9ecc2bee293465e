"""Store what a message carries besides its text.

A meeting asked for, times offered, a time agreed, a call promised.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.enums import Language
from messaging.enums import AGREED, ANSWERS, MeetingHow, ProposalKind
from messaging.models.conversations import Message

MAX_TIMES = 5
WITH_TIMES = (ProposalKind.REQUEST, ProposalKind.OFFER)


class Proposal(models.Model):
    """Store a proposal (TE-8, PA-8).

    It arrives, waits and is withdrawn with its message. `chosen`: one of the times of the proposal that it
    `answers`, or the time of a promised call. What cancels an agreed time, or asks for another, `answers` that one.
    """

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="proposal")
    kind = models.TextField(choices=ProposalKind)
    times = ArrayField(models.DateTimeField(), default=list, size=MAX_TIMES)
    how = models.TextField(choices=MeetingHow, blank=True)
    spoken = models.TextField(choices=Language, blank=True)
    answers = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answered_by")
    chosen = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=WITH_TIMES, times__len__gte=1, times__len__lte=MAX_TIMES)
                | (~Q(kind__in=WITH_TIMES) & Q(times__len=0)),
                name="proposal_has_times_to_choose_from",
            ),
            models.CheckConstraint(
                condition=Q(kind=ProposalKind.CHOICE, chosen__isnull=False)
                | Q(kind=ProposalKind.TELEPHONE)
                | (~Q(kind__in=AGREED) & Q(chosen__isnull=True)),
                name="proposal_choice_names_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ProposalKind.CHOICE)
                | Q(how__in=[MeetingHow.IN_PERSON, MeetingHow.TELEPHONE]),
                name="proposal_choice_says_how",
            ),
            models.UniqueConstraint(
                fields=["answers"], condition=Q(kind__in=ANSWERS), name="proposal_is_answered_once"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="proposal_answers_the_other_side",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                IF NEW.kind IN ('choice', 'none_suit') AND NEW.answers_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM messaging_proposal offer
                    JOIN messaging_message theirs ON theirs.id = offer.message_id
                    JOIN messaging_message own ON own.id = NEW.message_id
                    WHERE offer.message_id = NEW.answers_id
                      AND own.conversation_id = theirs.conversation_id
                      AND own.from_class <> theirs.from_class
                      AND (NEW.chosen IS NULL OR NEW.chosen = ANY (offer.times))
                ) THEN
                    RAISE EXCEPTION 'proposal_answers_the_other_side' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="proposal_ends_what_was_agreed",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                IF NEW.kind NOT IN ('choice', 'none_suit') AND NEW.answers_id IS NOT NULL AND (
                    NEW.kind NOT IN ('cancelled', 'request', 'offer') OR NOT EXISTS (
                        SELECT 1 FROM messaging_proposal agreed
                        JOIN messaging_message theirs ON theirs.id = agreed.message_id
                        JOIN messaging_message own ON own.id = NEW.message_id
                        WHERE agreed.message_id = NEW.answers_id AND agreed.kind IN ('choice', 'telephone')
                          AND own.conversation_id = theirs.conversation_id
                    )
                ) THEN
                    RAISE EXCEPTION 'proposal_ends_what_was_agreed' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def icon(self) -> str:
        if self.kind == ProposalKind.CANCELLED:
            return "undo"
        return "phone" if ProposalKind.TELEPHONE in (self.kind, self.how) else "meeting"
