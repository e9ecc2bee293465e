"""Draw the twelve pictures of pupils' codes, each as one SVG string.

Pure. Told apart by shape first and colour second, on a round ground like the dragons', so that they work on any page
and on paper.
"""

from html import escape

WHITE, BARK, LEAF, GOLD = "#ffffff", "#8a5a35", "#3f9b63", "#f2b52c"


def _line(path: str, colour: str, width: float) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _fill(path: str, colour: str) -> str:
    return f'<path d="{path}" fill="{colour}"/>'


def _dot(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'


def _dots(colour: str, *dots: tuple[float, float, float]) -> str:
    return "".join(_dot(x, y, radius, colour) for x, y, radius in dots)


RAYS = "M50 14v9M50 77v9M14 50h9M77 50h9M25 25l6 6M69 69l6 6M25 75l6-6M69 31l6-6"
CRESCENT = "M58 18A34 34 0 1 0 80 66A28 28 0 0 1 58 18z"
STAR = "M50 14L60.600 37.400L86 40.300L67 57.500L72.300 82.600L50 70L27.700 82.600L33 57.500L14 40.300L39.400 37.400z"
HEART = (
    "M50 82C22 62 16 48 16 38c0-12 9-20 18-20 7 0 13 4 16 10 3-6 9-10 16-10 9 0 18 8 18 20 0 10-6 24-34 44z"
)
FISH = "M14 50C26 30 52 26 68 46L86 32C83 44 83 56 86 68L68 54C52 74 26 70 14 50z"
APPLE = "M50 36C40 28 20 32 20 54c0 18 12 32 22 32 4 0 5-2 8-2s4 2 8 2c10 0 22-14 22-32 0-22-20-26-30-18z"
SHEEP = ((36, 52, 14), (50, 44, 15), (64, 52, 14), (44, 60, 14), (58, 60, 14))
PETALS = ((50, 24, 11), (66, 33, 11), (66, 51, 11), (50, 60, 11), (34, 51, 11), (34, 33, 11))

# name: (colour of the ground, drawing on it)
DRAWN = {
    "sun": ("#e0eef9", _line(RAYS, "#e8892b", 7) + _dot(50, 50, 21, "#f6c431")),
    "moon": ("#2b3563", _fill(CRESCENT, "#fbe7a0") + _dots(WHITE, (74, 30, 3), (66, 44, 2), (80, 46, 2))),
    "star": ("#d8e0f0", _fill(STAR, GOLD) + _line(STAR, "#c07c10", 3)),
    "heart": ("#fae6ed", _fill(HEART, "#d8453e") + _line("M27 36c1-5 4-8 8-8", "#f5a9a3", 5)),
    "flower": (
        "#e1f1e1",
        _line("M50 58v30M50 80c8 0 14-4 17-11", "#237049", 6) + _dots("#9a6fc4", *PETALS) + _dot(50, 42, 10, GOLD),
    ),
    "fish": (
        "#d6f0f2",
        _fill(FISH, "#e8743b") + _line("M46 38c6 8 6 16 0 24", "#a8431b", 4) + _dots("#3a1a0c", (29, 46, 4)),
    ),
    "boat": (
        "#e0eef9",
        _fill("M18 62h64c-3 11-10 17-18 17H36c-8 0-15-6-18-17z", "#a32c38")
        + _line("M50 62V18", BARK, 5)
        + _fill("M54 20L80 56H54z", WHITE)
        + _fill("M46 28L24 56h22z", "#4a8fd0"),
    ),
    "tree": (
        "#fdf2d3",
        _line("M50 88V52M50 70l12-10", BARK, 9) + _dots(LEAF, (50, 30, 19), (33, 45, 16), (67, 45, 16), (50, 48, 14)),
    ),
    "apple": (
        "#eef6dc",
        _fill(APPLE, "#7fae2e") + _line("M50 36C50 28 52 22 56 16", BARK, 5) + _fill("M56 26c4-10 14-12 21-9-3 8-12 12-21 9z", "#237049"),
    ),
    "house": (
        "#e6eaf1",
        _fill("M26 46h48v38H26z", "#fbe0b0")
        + _fill("M50 16L86 50H14z", "#b5466f")
        + _fill("M43 60h14v24H43z", "#4d3006")
        + _fill("M62 54h8v10h-8zM30 54h8v10h-8z", "#4a8fd0"),
    ),
    "sheep": (
        "#bfe3c4",
        _line("M40 68v14M58 68v14", "#39404d", 5) + _dots(WHITE, *SHEEP) + _dot(77, 46, 9, "#39404d") + _dots(WHITE, (79, 44, 2)),
    ),
    "key": (
        "#ece5f8",
        _line("M50 46v38M50 82h14M50 68h10", "#b07a12", 8) + _dot(50, 31, 18, "#b07a12") + _dot(50, 31, 8, "#ece5f8"),
    ),
}  # fmt: skip


def picture(name: str, label: str = "") -> str:
    """Draw one picture: decorative, or with `label` where it stands alone."""
    ground, drawn = DRAWN[name]
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg class="dragon" width="64" height="64" viewBox="0 0 100 100" {said}>'
        f'<circle cx="50" cy="50" r="50" fill="{ground}"/>{drawn}</svg>'
    )
