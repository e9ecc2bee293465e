"""Seal rows about a complaint that only the governor reads (PA-7)."""

import pgtrigger
from django.db import models


def sealed_field() -> models.BooleanField:
    """Return the column that seals a row.

    It does not depend on who holds which role today.
    """
    return models.BooleanField(default=False, db_default=False, editable=False)


def turn_field() -> models.BigIntegerField:
    """Return the column of the order of writing, shown to nobody.

    See `random_id`.
    """
    return models.BigIntegerField(default=0, db_default=0, editable=False)


def random_id(name: str) -> pgtrigger.Trigger:
    """Give new rows random ids.

    A gap in a sequence would reveal a hidden row. The sequence moves to `turn`.
    """
    func = "NEW.turn := NEW.id; NEW.id := 1 + floor(random() * 9007199254740990)::bigint; RETURN NEW;"
    return pgtrigger.Trigger(name=name, operation=pgtrigger.Insert, when=pgtrigger.Before, func=func)


def seal_stays(name: str) -> pgtrigger.Protect:
    """Refuse to seal or unseal a row after it was written."""
    changed = pgtrigger.Q(old__is_sealed__df=pgtrigger.F("new__is_sealed"))
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update, condition=changed)
