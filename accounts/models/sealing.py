"""What is sealed when it is written: rows about a complaint that only the governor reads (PA-7)."""

import pgtrigger
from django.db import models


def sealed_field() -> models.BooleanField:
    """A column that says so on the row itself, whoever holds which role today."""
    return models.BooleanField(default=False, db_default=False, editable=False)


def turn_field() -> models.BigIntegerField:
    """The order in which rows were written, shown to nobody: see `number_tells_nothing`."""
    return models.BigIntegerField(default=0, db_default=0, editable=False)


def number_tells_nothing(name: str) -> pgtrigger.Trigger:
    """Give each new row a random number: in one that counts up, a gap is a row that somebody may not see.

    The number that counts up moves to `turn`.
    """
    func = "NEW.turn := NEW.id; NEW.id := 1 + floor(random() * 9007199254740990)::bigint; RETURN NEW;"
    return pgtrigger.Trigger(name=name, operation=pgtrigger.Insert, when=pgtrigger.Before, func=func)


def seal_stays(name: str) -> pgtrigger.Protect:
    """Refuse to seal or unseal a row after it was written."""
    changed = pgtrigger.Q(old__is_sealed__df=pgtrigger.F("new__is_sealed"))
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update, condition=changed)
