"""The doors to children's points, and shaped reads for the pages."""

from points.queries.board import (
    Board,
    board_of,
    board_settings_of,
    children_here,
    chosen_children,
    names_of,
    offered_behaviours,
    picked_child,
    together,
)
from points.queries.child import awards_page, record_of, told_of
from points.queries.school import awards_reported, awards_rows, classes_reported, report_of

__all__ = [
    "Board",
    "awards_page",
    "awards_reported",
    "awards_rows",
    "board_of",
    "board_settings_of",
    "children_here",
    "chosen_children",
    "classes_reported",
    "names_of",
    "offered_behaviours",
    "picked_child",
    "record_of",
    "report_of",
    "together",
    "told_of",
]
