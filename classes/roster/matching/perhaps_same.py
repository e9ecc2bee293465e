"""Find records of adults that might be one person.

The office is asked once.
"""

from collections import defaultdict
from collections.abc import Iterable

from classes.models.guardianships import Contact
from classes.models.same_people import NotSame
from classes.roster.cells import folded

LETTERS = 3  # in which two forenames of one person agree: Kate and Katherine
Pair = tuple[Contact, Contact]


def are_near(one: Contact, other: Contact) -> bool:
    """Return whether two adults who share a number or address may be one, by their names."""
    names = folded(one.forename), folded(other.forename)
    if not all(names):
        return folded(one.surname) == folded(other.surname)
    short, long = sorted(names, key=len)
    return short in long or short[:LETTERS] == long[:LETTERS]


def may_be_one(one: Contact, other: Contact) -> bool:
    """Return whether these records share a telephone or address and have like names, and nobody said they are two."""
    if not (are_near(one, other) and _reached_by(one) & _reached_by(other)):
        return False
    pair = sorted((one.pk, other.pk))
    return not NotSame.objects.filter(one=pair[0], other=pair[1]).exists()


def pairs_to_ask(contacts: Iterable[Contact] | None = None) -> list[Pair]:
    """Return pairs of records that share a telephone or address and have like names; each once.

    Those of whom somebody has said that they are two are left out. `contacts`: only pairs with one of these. Two
    queries.
    """
    chosen = None if contacts is None else {contact.pk for contact in contacts}
    by_reach: dict[str, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.whole().select_related("user").order_by("pk"):
        for reached_by in _reached_by(contact):
            by_reach[reached_by].append(contact)
    found: dict[tuple[int, int], Pair] = {}
    for group in by_reach.values():
        for position, one in enumerate(group):
            for other in group[position + 1 :]:
                if (chosen is None or {one.pk, other.pk} & chosen) and are_near(one, other):
                    found[one.pk, other.pk] = (one, other)
    said = set(NotSame.objects.values_list("one", "other"))
    return [in_order(*pair) for key, pair in sorted(found.items()) if key not in said]


def in_order(one: Contact, other: Contact) -> Pair:
    """Return first the record that stays.

    The one with an account, or else the older one.
    """
    return (one, other) if one.user_id or not other.user_id else (other, one)


def _reached_by(contact: Contact) -> set[str]:
    said = {contact.email.casefold(), contact.mobile}
    if contact.user and contact.user.email:
        said.add(contact.user.email.casefold())
    return said - {""}
