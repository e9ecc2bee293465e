"""Texts of the rules about guardianships."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

NOTE_MISSING = gettext_lazy(
    "Please write a note: why, and on what it rests. Office and senior leaders read it."
)
