"""Every address of the portal and who may open it. A route without a row here fails the suite."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.gates import Opens, opens

EVERYBODY_IN = {
    "parent",
    "other parent of the child",
    "parent of both classes",
    "parent of another class",
    "class",
    "another class",
    "office",
    "deputy",
    "head",
    "pupil",
}
OUTSIDE = {"nobody", "removed parent"}
PARENTS = {
    "parent",
    "other parent of the child",
    "parent of both classes",
    "parent of another class",
}
LEADERS = {"deputy", "head"}
CLASSES = {"class", "another class"}


def route_names(patterns: list | None = None, prefix: str = "") -> Iterator[str]:
    """The names of all routes, with their namespace; a route without a name is given by its pattern."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from route_names(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or entry.pattern}"


def views(patterns: list | None = None, prefix: str = "") -> dict[str, Callable]:
    """Return the view of each route by the route's name; the admin's own are not among them."""
    found: dict[str, Callable] = {}
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                found |= views(entry.url_patterns, prefix)
        elif isinstance(entry, URLPattern):
            found[entry.name or str(entry.pattern)] = entry.callback
    return found


def open_routes(where: Opens) -> set[str]:
    """Return the names of the routes declared to open there."""
    return {name for name, view in views().items() if opens(view, where)}


@dataclass(frozen=True)
class Row:
    """`ok`: who gets `status`; everybody else who is signed in gets `denied`, and who is not gets the sign-in."""

    ok: set[str]
    args: Callable = lambda world: {}
    method: str = "get"
    data: Callable = lambda world: {}
    status: int = 200
    denied: int = 404
    other: dict[str, int] = field(default_factory=dict)

    def expected(self, person: str) -> int:
        if person in OUTSIDE:
            return 302
        if person in self.other:
            return self.other[person]
        if person in self.ok:
            return self.status
        return 404 if person == "pupil" else self.denied
