"""A class whose pupils may come in at once: a door with a known address, and the same pictures for every child."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.actor import Actor
from classes.enums import Picture
from classes.joining.codes import class_page_hash, pictures_hash
from classes.models.joining import ClassPage, PupilCard
from classes.pupil_access.cards import new_cards
from malpas.demo.people import show_class

CLASS_PAGE_TOKEN = "daffodil-door"
PICTURES = [Picture.SUN, Picture.FISH, Picture.KEY]


def open_to_pupils(at: datetime) -> None:
    """Cards for the class that is shown. What a real school keeps secret is written down here for all to read."""
    classroom = show_class()
    if classroom.account is None:
        return
    for card in new_cards(
        classroom=classroom, by=Actor(classroom.account, classroom.staff.order_by("pk").first()), at=at
    ):
        known = pictures_hash(card.pupil.pk, PICTURES)
        PupilCard.objects.filter(pupil=card.pupil).update(pictures_hash=known)
    ClassPage.objects.create(classroom=classroom, token_hash=class_page_hash(CLASS_PAGE_TOKEN), made_at=at)


def how_pupils_come_in() -> str:
    """The door's address and the pictures; '' once the class has made a poster of its own."""
    class_page = (
        ClassPage.objects.filter(token_hash=class_page_hash(CLASS_PAGE_TOKEN))
        .select_related("classroom")
        .first()
    )
    if class_page is None:
        return ""
    address = settings.PUBLIC_URL + reverse("pupil_class_link", args=[CLASS_PAGE_TOKEN])
    return f"  pupil   {address}  {class_page.classroom}: any dragon, then {', '.join(PICTURES)}"
