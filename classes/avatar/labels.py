"""Name every part of a dragon, also for screen readers."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from classes.avatar.drawing import PARTS

HEADINGS = {
    "colour": _("Colour"),
    "horns": _("On its head"),
    "wings": _("Wings"),
    "pattern": _("Face"),
    "tail": _("Tail"),
}
LABELS = {
    "colour": [
        _("Red"), _("Green"), _("Yellow"), _("Blue"), _("Purple"), _("Pink"), _("Turquoise"), _("Grey"),
    ],
    "horns": [_("Ears"), _("Big horns"), _("Leaves"), _("A crown"), _("Feelers")],
    "wings": [_("Dragon wings"), _("Butterfly wings"), _("Leaf wings"), _("Little wings")],
    "pattern": [_("Plain"), _("Spots"), _("A diamond"), _("Stripes"), _("A patch")],
    "tail": [_("An arrow"), _("A heart"), _("A flame"), _("A ball")],
}  # fmt: skip


def describe(traits: Sequence[int]) -> str:
    """Return 'Dragon: red, big horns, leaf wings, spots, a heart'."""
    parts = [str(LABELS[name][number]) for name, number in zip(PARTS, traits, strict=True)]
    return _("Dragon: %(parts)s") % {"parts": ", ".join(parts).lower()}
