"""What every template may use: the school, its hours, who reads, and where they can go."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, actor_of
from accounts.queries import banner_words, office_hours_words


@dataclass(frozen=True)
class Place:
    url: str
    icon: str
    label: str
    current: bool
    count: int = 0


@dataclass(frozen=True)
class Me:
    kind: str
    name: str = ""
    staff_name: str = ""
    is_class_account: bool = False

    @property
    def initials(self) -> str:
        words = (self.staff_name or self.name).split()
        return "".join(word[0] for word in words[-2:]).upper()


def me(actor: Actor | None) -> Me:
    if actor is None:
        return Me("none")
    kind = (
        "pupil" if actor.is_pupil
        else "class" if actor.is_class
        else "slt" if actor.is_slt
        else "office" if actor.is_office
        else "parent"
    )  # fmt: skip
    return Me(kind, actor.user.name, actor.staff.signature if actor.staff else "", actor.is_class)


# Names of the upper apps' pages: they are addresses, not imports.
PLACES = {
    "parent": [
        ("newsfeed", "home", _("Home")),
        ("points", "star", _("Points")),
        ("messages", "chat", _("Messages")),
    ],
    "class": [
        ("board", "star", _("Board")),
        ("newsfeed", "book", _("Story")),
        ("messages", "chat", _("Messages")),
    ],
    "office": [
        ("office", "chat", _("Office")),
        ("newsfeed", "book", _("Stories")),
        ("admin:index", "class", _("Records")),
    ],
    "slt": [
        ("home", "home", _("Home")),
        ("newsfeed", "book", _("Stories")),
        ("admin:index", "class", _("Records")),
    ],
}


def places(request: HttpRequest, kind: str) -> list[Place]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [Place(reverse(name), icon, label, name == here) for name, icon, label in PLACES.get(kind, [])]


def portal(request: HttpRequest) -> dict[str, object]:
    """Lazy: a page that shows no banner asks for no hours."""
    actor = actor_of(request)
    who = me(actor)
    school = getattr(request, "school", None)
    return {
        "school": school,
        "actor": actor,
        "me": who,
        "places": SimpleLazyObject(lambda: places(request, who.kind)),
        "office_hours": SimpleLazyObject(lambda: office_hours_words(school)) if school else "",
        "hours": SimpleLazyObject(lambda: banner_words(school, staff=who.kind == "class")),
    }
