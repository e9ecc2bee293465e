"""What the pages of the school's records share: every write is written down, letters are drawn or nothing is done."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from accounts.actor import actor_of
from accounts.admin import OFFICE, SLT, RoleAdmin
from accounts.services import record
from classes.letters import letters_pdf
from classes.services import Issued
from classes.views import pdf_answer


class JoiningAdmin(RoleAdmin):
    """Writes only what was changed on the page: somebody may join while the office has it open."""

    view_for = change_for = {SLT, OFFICE}
    add_for = set()

    def save_model(self, request, obj, form, change) -> None:
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=[name for name in form.changed_data if name in columns])
        record("admin.changed", by=actor_of(request), about=obj, fields=form.changed_data)


@transaction.atomic
def letters_answer(request: HttpRequest, make: Callable[[], list[Issued]], name: str) -> HttpResponse | None:
    """The letters of what `make` issues; None when that is nobody. No old code ends unless its letter is drawn."""
    issued = make()
    if not issued:
        return None
    return pdf_answer(letters_pdf(issued, request.school), f"letters-{slugify(name) or 'all'}")
