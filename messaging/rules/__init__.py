from messaging.rules.asking import phrase_in
from messaging.rules.office import (
    DAYS_AHEAD,
    DAYS_BACK,
    DAYS_UNKNOWN,
    MESSAGES_AN_HOUR,
    covers,
    is_open,
    may_see_health,
    may_work_on,
    next_school_day,
    office_answers,
    office_opens,
    school_days_since,
)
from messaging.rules.talk import TimeProblem, may_change, may_look, time_problem

__all__ = [
    "DAYS_AHEAD",
    "DAYS_BACK",
    "DAYS_UNKNOWN",
    "MESSAGES_AN_HOUR",
    "TimeProblem",
    "covers",
    "is_open",
    "may_change",
    "may_look",
    "may_see_health",
    "may_work_on",
    "next_school_day",
    "office_answers",
    "office_opens",
    "phrase_in",
    "school_days_since",
    "time_problem",
]
