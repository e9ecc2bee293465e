"""Define the clauses that a warning can name, for families."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CLAUSES: dict[str, str | Promise] = {
    "AU-1": _("Everybody is kind and polite, as they would be face to face."),
    "TE-7": _("Parents are polite and respectful to staff."),
    "AU-7": _("Nobody bullies, threatens or harasses anyone, or tells what is private to them."),
    "AU-4": _("Nobody advertises here without the school's permission."),
    "AU-5": _("Nobody sends files or programs that do harm."),
    "AU-6": _("Nobody uses another person's account or collects sign-in details."),
    "AU-8": _("Nobody pretends to be the school, its staff or anyone else."),
    "AU-9": _("Nothing from the portal is copied or passed on without written permission."),
    "PA-7": _("What belongs to the Main Office goes to the Main Office."),
    "PA-11": _("Children do not write in a parent's name."),
}


def sentence(clause: str) -> str:
    """Return a clause's sentence in the reader's language, or ''."""
    return str(CLAUSES.get(clause, ""))
