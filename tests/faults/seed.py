"""`python -m tests.faults.seed`: fills the database with the people of the tests and prints who they are, as JSON."""

import json

import django

django.setup()

from django.db import transaction  # noqa: E402

from tests.people import PASSWORD, guardianship, make_contact, make_people, make_staff  # noqa: E402

FAMILIES = {"nia": "mali", "gareth": "mali", "sioned": "efa", "dylan": "rhys"}


@transaction.atomic
def seed() -> dict[str, dict[str, object]]:
    """name → id, session, and for a parent the child they write about; the class has two readers."""
    people = make_people()
    people.celyn.staff.add(make_staff("Ms", "Lowri", "Hughes", personal=True))
    people.sioned.set_password(PASSWORD)
    people.sioned.save()
    to_invite = guardianship(make_contact("Ann", "Invited"), people.efa, None, suggestion="invite")
    signed_in = {
        name: people.client(getattr(people, name)) for name in (*FAMILIES, "celyn", "head", "deputy")
    }
    found = {
        name: {"session": client.cookies["sessionid"].value, "id": int(client.session["_auth_user_id"])}
        for name, client in signed_in.items()
    }
    for parent, child in FAMILIES.items():
        found[parent]["pupil"] = getattr(people, child).pk
    found["celyn"]["staff"] = people.pritchard.pk
    found["invited"] = {"guardianship": to_invite.pk}
    return found


if __name__ == "__main__":
    print(json.dumps(seed()))
