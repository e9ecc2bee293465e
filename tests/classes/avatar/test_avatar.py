import pytest
from django.template import Context, Template, TemplateSyntaxError


def draw(tag: str) -> str:
    return Template("{% load dragons %}" + tag).render(
        Context({"traits": [0, 1, 2, 3, 3], "evil": '"><script>'})
    )


def test_a_dragon_beside_a_name_is_decoration():
    assert 'class="dragon"' in draw("{% dragon traits %}")
    assert 'aria-hidden="true"' in draw("{% dragon traits %}")


def test_a_dragon_has_a_size_and_says_its_name_when_alone():
    picture = draw('{% dragon traits size="l" label="Efa" %}')
    assert 'class="dragon dragon--l"' in picture and 'aria-label="Efa"' in picture


def test_a_label_can_not_break_out():
    assert "<script>" not in draw("{% dragon traits label=evil %}")


def test_an_unknown_size_is_refused():
    with pytest.raises(TemplateSyntaxError):
        draw("{% dragon traits size=evil %}")
