import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from accounts.models.audit import AuditEntry
from classes.enums import JoiningState, Restriction, Suggestion
from classes.joining.invitations import NoCode, make_invitation, withdraw_invitation
from classes.joining.queries import class_states, find_invitation
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from tests.classes.joining.inviting import invite_class
from tests.clock import at
from tests.people import make_contact

NOW = at("2026-11-10 10:00")


@pytest.mark.policy("PA-1")
def test_only_the_keyed_hash_of_a_code_is_stored(people, make_guardianship, invite):
    invitation, code = invite(make_guardianship())
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert not any(code in str(value) for value in row.values())
    assert find_invitation(code, people.efa.date_of_birth) == invitation
    assert AuditEntry.objects.filter(verb="invitation.made").exists()
    assert not AuditEntry.objects.filter(detail__icontains=code).exists()


@pytest.mark.policy("PA-1")
def test_a_code_opens_until_the_end_of_the_day_that_its_letter_names(
    people, make_guardianship, invite, clock
):
    invitation, code = invite(make_guardianship())
    assert f"{localtime(invitation.expires_at):%d.%m.%Y}" == "24.11.2026"
    for moment in ("2026-11-24 09:11", "2026-11-24 23:59"):
        clock.set(moment)
        assert find_invitation(code, people.efa.date_of_birth)
    clock.set("2026-11-25 00:00")
    assert find_invitation(code, people.efa.date_of_birth) is None


def test_a_new_code_ends_the_one_before(people, make_guardianship, invite):
    guardianship = make_guardianship()
    _first, old = invite(guardianship)
    _second, new = invite(guardianship)
    assert find_invitation(old, people.efa.date_of_birth) is None
    assert find_invitation(new, people.efa.date_of_birth)


def test_a_code_whose_time_is_over_can_be_renewed(people, make_guardianship, invite, clock):
    guardianship = make_guardianship()
    invite(guardianship)
    clock.set("2026-12-10 10:00")
    _second, new = invite(guardianship, "2026-12-10 10:00")
    assert find_invitation(new, people.efa.date_of_birth)


def test_a_withdrawn_code_opens_nothing(people, make_guardianship, invite):
    guardianship = make_guardianship()
    _invitation, code = invite(guardianship)
    assert withdraw_invitation(guardianship=guardianship, by=people.actor(people.office), at=NOW) == 1
    assert find_invitation(code, people.efa.date_of_birth) is None
    assert withdraw_invitation(guardianship=guardianship, by=people.actor(people.office), at=NOW) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"restriction": Restriction.NO_ACCESS},
        {"ended_at": NOW},
        {"suggestion": Suggestion.HOLD},
        {"suggestion": Suggestion.CONTACT_ONLY},
    ],
)
def test_a_barred_ended_or_waiting_guardianship_gets_no_code(people, make_guardianship, invite, fields):
    with pytest.raises(NoCode) as refused:
        invite(make_guardianship(**fields))
    assert refused.value.sentence
    assert not Invitation.objects.exists()


def test_a_contact_only_gets_a_code_when_it_is_chosen_by_hand(make_guardianship, invite):
    assert invite(make_guardianship(suggestion=Suggestion.CONTACT_ONLY), by_hand=True)


def test_a_barred_guardianship_gets_no_code_even_by_hand(make_guardianship, invite):
    with pytest.raises(NoCode):
        invite(make_guardianship(restriction=Restriction.NO_ACCESS), by_hand=True)


@pytest.mark.policy("PA-9")
def test_a_removed_adult_gets_no_code(people, make_guardianship, invite):
    with pytest.raises(NoCode, match="removed"):
        invite(make_guardianship(contact=people.kai.contact), by_hand=True)


def test_somebody_who_joined_gets_no_code(people, invite):
    joined = Guardianship.objects.get(contact__user=people.nia)
    with pytest.raises(NoCode, match="joined"):
        invite(joined, by_hand=True)


@pytest.mark.policy("PA-2")
def test_codes_are_made_by_office_and_leaders_only(people, make_guardianship):
    guardianship = make_guardianship()
    for who in (people.celyn, people.nia):
        with pytest.raises(NoCode):
            make_invitation(guardianship=guardianship, by=people.actor(who), at=NOW)
    make_invitation(guardianship=guardianship, by=people.actor(people.head), at=NOW)


def test_the_database_allows_one_open_code_per_guardianship(people, make_guardianship, invite):
    invitation, _code = invite(make_guardianship())
    with pytest.raises(IntegrityError, match="invitation_one_open"), transaction.atomic():
        Invitation.objects.create(
            guardianship=invitation.guardianship,
            code_hash="x",
            made_by=people.nia,
            expires_at=at("2027-01-01 00:00"),
        )


def test_a_class_invitation_skips_those_on_hold_joined_or_barred(people, make_guardianship):
    wanted = make_guardianship()
    make_guardianship(suggestion=Suggestion.HOLD, contact=_other("Hold"))
    make_guardianship(restriction=Restriction.NO_ACCESS, contact=_other("Barred"))
    make_guardianship(pupil=people.rhys, contact=_other("Elsewhere"))
    make_guardianship(contact=people.kai.contact)
    issued = invite_class(classroom=people.celyn, by=people.actor(people.office), at=NOW)
    assert [one.guardianship for one in issued] == [wanted]


def _other(surname):
    return make_contact("Ann", surname)


def test_the_office_sees_how_far_each_adult_is(people, make_guardianship, invite, django_assert_num_queries):
    make_guardianship(contact=_other("Asked"))
    invite(make_guardianship(contact=_other("Invited")))
    make_guardianship(suggestion=Suggestion.HOLD, contact=_other("Held"))
    make_guardianship(suggestion=Suggestion.CONTACT_ONLY, contact=_other("Only"))
    make_guardianship(restriction=Restriction.NO_ACCESS, contact=_other("Barred"))
    with django_assert_num_queries(3):
        rows = class_states(people.celyn, NOW)
    efa = next(row for row in rows if row.pupil == people.efa)
    states = {adult.guardianship.contact.surname: adult.state for adult in efa.adults}
    assert states == {
        "Price": JoiningState.JOINED,
        "Asked": JoiningState.NOT_INVITED,
        "Invited": JoiningState.INVITED,
        "Held": JoiningState.ON_HOLD,
        "Only": JoiningState.CONTACT_ONLY,
        "Barred": JoiningState.RESTRICTED,
    }
    zofia = next(row for row in rows if row.pupil == people.zofia)
    assert [adult.state for adult in zofia.adults] == [JoiningState.REMOVED]
    later = class_states(people.celyn, at("2026-12-10 10:00"))
    assert JoiningState.EXPIRED in [adult.state for row in later for adult in row.adults]
