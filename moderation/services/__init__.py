from moderation.services.decisions import close, hide, lift, remove, warn
from moderation.services.reports import mark_opened, mark_warnings_read, report_item
from moderation.services.retiming import retime

__all__ = [
    "close",
    "hide",
    "lift",
    "mark_opened",
    "mark_warnings_read",
    "remove",
    "report_item",
    "retime",
    "warn",
]
