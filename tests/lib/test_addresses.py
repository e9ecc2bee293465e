import pytest
from django.urls import NoReverseMatch, reverse

from malpas.lib.addresses import address


@pytest.mark.parametrize("name", ["conversation", "report_message", "message_reroute"])
def test_an_address_is_the_routers_own(name):
    for number in (1, 42, 9_000_000_000):
        assert address(name, number) == reverse(name, args=[number])


def test_an_unknown_page_and_one_without_a_number_have_no_address():
    for name in ("no_such_page", "messages"):
        with pytest.raises(NoReverseMatch):
            address(name, 1)


def test_only_a_number_becomes_part_of_an_address():
    with pytest.raises(ValueError, match="invalid literal"):
        address("conversation", "1/../2")
