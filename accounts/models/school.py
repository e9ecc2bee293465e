"""The one school, and its calendar."""

from datetime import date, datetime, timedelta

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import ClosureKind
from malpas.lib.db.append_only import ALL, append_only


def lasts_less_than(days: int) -> Q:
    return Q(ends__lt=F("starts") + timedelta(days=days))


# A mistyped year must not make the portal count through thousands of years.
IN_LIVING_MEMORY = Q(starts__gte=date(2000, 1, 1), ends__lt=date(2100, 1, 1))
LAST_BEFORE_FIRST = _("The last day comes before the first day.")
NOT_A_YEAR = _("Please check the year.")
UNNAMED = {"en": "Our school", "cy": "Ein hysgol ni"}  # until the school has entered its names
NAMES_AND_NUMBERS = (
    "name_en", "name_cy", "short_name_en", "short_name_cy", "office_phone", "office_email", "concerns_email",
)  # fmt: skip


# The number of the terms in force, NULL before the first.
IN_FORCE = "SELECT max(t.number) FROM accounts_termsversion t WHERE t.published_at <= school_now()"
HERE = f"SELECT s.*, school_now() AS now, ({IN_FORCE}) AS terms_number FROM accounts_school s WHERE s.id = 1"


def _here() -> str:
    return "cy" if get_language() == "cy" else "en"


class SchoolQuerySet(models.QuerySet["School"]):
    def here(self) -> "School":
        """Return the school with `.now` (UTC) and `.terms_number` in one query."""
        return self.raw(HERE)[0]


@append_only(updates=[ALL])
class School(models.Model):
    name_en = models.CharField(_("name in English"), max_length=120)
    name_cy = models.CharField(_("name in Welsh"), max_length=120)
    short_name_en = models.CharField(_("short name in English"), max_length=40)
    short_name_cy = models.CharField(_("short name in Welsh"), max_length=40)
    address = models.TextField(_("address"), blank=True)
    office_phone = models.CharField(_("office telephone"), max_length=30)
    office_email = models.EmailField(_("office e-mail"))
    concerns_email = models.EmailField(
        _("e-mail for concerns"), help_text=_("It is at the foot of every page.")
    )
    behaviour_policy_url = models.URLField(_("address of the behaviour policy"), blank=True)
    calendar_version = models.PositiveIntegerField(default=0, editable=False)
    messages_an_hour = models.BigIntegerField(
        _("messages of one parent in an hour"),
        default=20,
        db_default=20,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    complaint_days = ArrayField(
        models.BigIntegerField(validators=[MinValueValidator(1), MaxValueValidator(60)]),
        verbose_name=_("school days for each stage of a complaint"),
        db_default=Value([5, 10, 15], ArrayField(models.BigIntegerField())),
        size=3,
    )
    messaging_suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    lists_version = models.BigIntegerField(default=0, db_default=0, editable=False)

    objects = SchoolQuerySet.as_manager()
    terms_number: int | None
    now: datetime

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("the school")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="school_is_one_row")]
        # A migration makes the one row: the constraint allows no second, the trigger no deletion.
        triggers = [pgtrigger.Protect(name="school_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """Return the name in English ("en") or Welsh ("cy"); never empty."""
        return (self.name_cy if language == "cy" else self.name_en) or UNNAMED[language]

    def short_name_in(self, language: str) -> str:
        """Return the short name, else the name, in "en" or "cy".

        Never empty.
        """
        short = self.short_name_cy if language == "cy" else self.short_name_en
        return short or self.name_in(language)

    @property
    def name(self) -> str:
        return self.name_in(_here())

    @property
    def short_name(self) -> str:
        return self.short_name_in(_here())

    @property
    def other_short_name(self) -> str:
        return self.short_name_in("en" if _here() == "cy" else "cy")

    @property
    def is_named(self) -> bool:
        """Whether the names, the office's number and the addresses are entered."""
        return all(getattr(self, name) for name in NAMES_AND_NUMBERS)


class WorkingHours(models.Model):
    """The four windows of one weekday (policy: Times). A weekday without a row has no school."""

    WEEKDAYS = [
        (0, _("Monday")),
        (1, _("Tuesday")),
        (2, _("Wednesday")),
        (3, _("Thursday")),
        (4, _("Friday")),
        (5, _("Saturday")),
        (6, _("Sunday")),
    ]
    weekday = models.PositiveSmallIntegerField(_("day"), choices=WEEKDAYS, unique=True)
    working_start = models.TimeField(_("staff work from"), default="08:30")
    working_end = models.TimeField(_("staff work until"), default="17:00")
    reply_start = models.TimeField(_("replies from"), default="08:30")
    reply_end = models.TimeField(_("replies until"), default="16:30")
    arrival_start = models.TimeField(_("answered as soon as can be, from"), default="08:30")
    arrival_end = models.TimeField(_("answered as soon as can be, until"), default="15:30")
    teaching_start = models.TimeField(_("teaching from"), default="09:00")
    teaching_end = models.TimeField(_("teaching until"), default="15:30")

    class Meta:
        ordering = ["weekday"]
        verbose_name = _("hours of a day")
        verbose_name_plural = _("hours of the week")
        constraints = [
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{window}_start__lt": F(f"{window}_end")}),
                    name=f"hours_{window}_ends_after_start",
                    violation_error_message=_("Each of the hours must end after they begin."),
                )
                for window in ("working", "reply", "arrival", "teaching")
            ),
            *(
                models.CheckConstraint(
                    condition=Q(
                        **{
                            f"{window}_start__gte": F("working_start"),
                            f"{window}_end__lte": F("working_end"),
                        }
                    ),
                    name=f"hours_{window}_inside_working",
                    violation_error_message=sentence,
                )
                for window, sentence in (
                    ("reply", _("The hours for replies must lie inside those in which staff work.")),
                    ("arrival", _("The hours of answers as soon as can be must lie inside those of work.")),
                    ("teaching", _("Lessons must lie inside the hours in which staff work.")),
                )
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_weekday_display())


class BilingualDays(models.Model):
    """Days with a name in English, and one in Welsh where that differs."""

    name: models.CharField
    name_cy = models.CharField(_("name in Welsh"), max_length=80, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return (self.name_cy if _here() == "cy" else "") or self.name


class Term(BilingualDays):
    """A term, first to last day.

    `uid`: the calendar event that it came from.
    """

    name = models.CharField(_("name"), max_length=60)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    uid = models.TextField(blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering = ["starts"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")),
                name="term_ends_after_start",
                violation_error_message=LAST_BEFORE_FIRST,
            ),
            models.CheckConstraint(
                condition=lasts_less_than(250),
                name="term_lasts_less_than_a_year",
                violation_error_message=_("A term of 250 days or more is too long. Please check the dates."),
            ),
            models.CheckConstraint(
                condition=IN_LIVING_MEMORY, name="term_in_living_memory", violation_error_message=NOT_A_YEAR
            ),
            ExclusionConstraint(
                name="terms_do_not_overlap",
                expressions=[
                    (
                        Func(
                            F("starts"),
                            Greatest("starts", "ends"),  # a wrong order is reported by another constraint
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message=_("Another term has some of these days already."),
            ),
        ]


class Closure(BilingualDays):
    """Days in a term without school, or one that ends early.

    Quiet from `closes_at` on. `uid`: the calendar event that it came from.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ClosureKind)
    name = models.CharField(_("name"), max_length=80)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    closes_at = models.TimeField(
        _("school closes at"),
        null=True,
        blank=True,
        help_text=_(
            "Only for a day that ends early, such as snow at noon. Empty: there is no school on these days."
        ),
    )
    uid = models.TextField(blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering = ["starts"]
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")),
                name="closure_ends_after_start",
                violation_error_message=LAST_BEFORE_FIRST,
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(ends=F("starts")),
                name="closure_closes_early_on_one_day",
                violation_error_message=_(
                    "School closes early on one day: give the same first and last day."
                ),
            ),
            models.CheckConstraint(
                condition=lasts_less_than(100),
                name="closure_is_shorter_than_a_term",
                violation_error_message=_(
                    "School closed for 100 days or more? Please check the dates. You don’t need to enter the holidays between terms."
                ),
            ),
            models.CheckConstraint(
                condition=IN_LIVING_MEMORY,
                name="closure_in_living_memory",
                violation_error_message=NOT_A_YEAR,
            ),
        ]
