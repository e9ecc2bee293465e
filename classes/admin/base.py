"""What the pages of the school's records share: every write is written down, letters are drawn or nothing is done."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from accounts.admin import OFFICE, SLT, RoleAdmin
from classes.letters import letters_pdf
from classes.services import Issued
from classes.views import pdf_answer


class JoiningAdmin(RoleAdmin):
    """Writes only what was changed on the page: somebody may join while the office has it open."""

    view_for = change_for = {SLT, OFFICE}
    add_for = set()


@transaction.atomic
def letters_answer(request: HttpRequest, make: Callable[[], list[Issued]], name: str) -> HttpResponse | None:
    """The letters of what `make` issues; None when that is nobody. No old code ends unless its letter is drawn."""
    issued = make()
    if not issued:
        return None
    return pdf_answer(letters_pdf(issued, request.school), f"letters-{slugify(name) or 'all'}")
