"""Decide who may see and change the records of staff. No query, no request, no clock."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from malpas.lib.errors import RuleViolation

if TYPE_CHECKING:
    from accounts.actor import Actor
    from accounts.models.people import StaffMember


class NotLeader(RuleViolation):
    sentence = _("Only a senior leader does this.")


class HeadsRecord(RuleViolation):
    sentence = _("This is the record of the head teacher. Nobody else changes it.")


class StaffDeparted(RuleViolation):
    sentence = _("This member of staff has left. Take the leaving date away first.")


def may_see_staff(by: Actor) -> bool:
    """Return whether the actor may read the records of staff: office and leaders."""
    return by.is_office or by.is_slt


def may_change_staff(by: Actor, staff: StaffMember) -> bool:
    """Return whether the actor may change this record: a leader; the head's only the head.

    It decides who reads reports about staff (AU-11).
    """
    is_heads = by.staff is not None and by.staff.is_head
    return by.is_slt and (is_heads or not staff.is_head)


def is_own_record(by: Actor, staff: StaffMember) -> bool:
    """Return whether this is the actor's own record."""
    return by.staff is not None and by.staff.pk == staff.pk


def check_may_change(by: Actor, staff: StaffMember) -> None:
    """Raise NotLeader or HeadsRecord for somebody who may not change this record."""
    if not by.is_slt:
        raise NotLeader
    if not may_change_staff(by, staff):
        raise HeadsRecord


def check_works_here(staff: StaffMember, today: date) -> None:
    """Raise StaffDeparted for somebody whose work has ended by this London date."""
    if staff.has_left(today):
        raise StaffDeparted
