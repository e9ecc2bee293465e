import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.people import PASSWORD

OBVIOUS = [
    "Malpas2026", "malpas court 2026", "Malpas Court Primary School 2026", "M4lp4sC0urt!!", "YsgolLlysMalpas1",
    "Gwanwyn2026!", "Summer2026!!", "Tuesday2026!", "dydd-mawrth-26", "password12", "P@ssw0rd2026", "1234567890",
    "qwertyuiop12", "liverpoolfc", "iloveyou123", "Casnewydd2026", "aaaaaaaaaaaa", "abcdefghij", "nia.bowen.2026",
    "trustno1trustno1", "Cyfrinair123!",
]  # fmt: skip


@pytest.mark.parametrize("password", OBVIOUS)
def test_A13_what_everybody_would_guess_is_refused(people, password):
    with pytest.raises(ValidationError):
        validate_password(password, people.nia)


GOOD = [
    PASSWORD, "daffodil-drawbridge-42", " three cereal boxes", "🐉🐉 tri bocs grawnfwyd", "tân glo mawn lludw",
    " 🐉" + "ŵ" * 70, "x" * 64, "kV9#mq2Lwz",
]  # fmt: skip


@pytest.mark.parametrize("password", GOOD)
def test_A13_words_of_ones_own_are_taken_as_they_are(people, password):
    validate_password(password, people.nia)


def test_a_long_password_costs_no_time(people):
    validate_password("aB3$" * 250_000, people.nia)


def test_the_lists_are_part_of_what_is_installed():
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    assert len(FREQUENCY_LISTS["passwords"]) > 25_000
