"""Make a class's page: a secret address where its pupils sign in.

Policy: PU-4.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from classes.joining.codes import class_page_hash, new_token
from classes.models.classrooms import Classroom
from classes.models.joining import ClassPage
from classes.pupil_access.rules import may_make_class_page
from classes.rules import check_ends
from malpas.lib.errors import RuleViolation


class NotYourClassPage(RuleViolation):
    sentence = _("Only the class itself can open its sign-in page for pupils.")


@transaction.atomic
def new_class_page(*, classroom: Classroom, by: Actor, at: datetime, ends: int | None = None) -> str:
    """Return a new address of the class's page, for its poster.

    Stored nowhere; the old one ends. `ends`: 1 once somebody has confirmed that; else raises EndsOthers where there
    is an old one.
    """
    if not may_make_class_page(by, classroom):
        raise NotYourClassPage
    check_ends(ClassPage.objects.select_for_update().filter(classroom=classroom).count(), ends)
    token = new_token()
    ClassPage.objects.update_or_create(
        classroom=classroom, defaults={"token_hash": class_page_hash(token), "made_at": at}
    )
    record("class_page.made", by=by, about=classroom)
    return settings.PUBLIC_URL + reverse("pupil_class_link", args=[token])


@transaction.atomic
def open_class_page(*, classroom: Classroom, by: Actor, at: datetime) -> ClassPage:
    """Return the class's page for its own computer, without an address.

    Made if there was never a poster.
    """
    if not may_make_class_page(by, classroom):
        raise NotYourClassPage
    fresh = {"token_hash": class_page_hash(new_token()), "made_at": at}
    class_page, _made = ClassPage.objects.get_or_create(classroom=classroom, defaults=fresh)
    record("class_page.opened", by=by, about=classroom)
    return class_page
