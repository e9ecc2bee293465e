from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.clock import school_now
from classes.roster.apply import import_roster
from classes.roster.matching.identify import SAME
from classes.roster.plan import Plan, make_plan
from classes.roster.reading import MAX_BYTES, read_table
from classes.roster.report import report
from classes.roster.uploads import known_columns
from classes.roster.values import NEW_CLASS, SAME_CLASS
from malpas.lib.errors import RuleViolation

ROWS_REFUSED = 2


class Command(BaseCommand):
    help = (
        "Reads the school system's export of pupils and contacts and says what it would do; --apply does it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a CSV or .xlsx file of pupils and contacts, or a OneRoster zip")
        parser.add_argument("--apply", action="store_true", help="do it, in one transaction")
        parser.add_argument(
            "--accept-missing", action="store_true", help="although a tenth of the pupils is not in the file"
        )

        parser.add_argument(
            "--same-people", action="store_true", help="people who are here under another id are the same"
        )

        parser.add_argument(
            "--classes",
            choices=[SAME_CLASS, NEW_CLASS],
            default="",
            help="whether classes that were renamed here are the file's, or others",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = self.plan(options)
        except RuleViolation as error:
            raise CommandError(error.sentence) from None
        except DatabaseError as error:
            raise CommandError(_("The database refused; nothing was changed. It says: %s") % error) from None
        refused = len(plan.roster.refused_rows)
        if refused:
            sentence = ngettext("%d row was refused.", "%d rows were refused.", refused)
            raise CommandError(sentence % refused, returncode=ROWS_REFUSED)

    def plan(self, options: dict[str, Any]) -> Plan:
        """Print the report, then import if requested.

        The report comes first, also when the import is refused.
        """
        today = timezone.localdate(school_now())
        table = read_table(self.read(options["file"]), known_columns(), today=today)
        same = SAME if options["same_people"] else ""
        classes = options["classes"]
        plan = make_plan(table, today, same=same, same_classes=classes)
        for line in report(plan):
            self.stdout.write(line)
        self.stdout.write("")
        if options["apply"]:
            plan = import_roster(
                table=table,
                today=today,
                by=None,
                accept_missing=options["accept_missing"],
                same=same,
                same_classes=classes,
                name=Path(options["file"]).name,
            )
            self.stdout.write(_("Done."))
        else:
            self.stdout.write(_("Nothing was changed. Add --apply to do it."))
        return plan

    def read(self, name: str) -> bytes:
        """Read at most one byte more than is allowed."""
        try:
            with Path(name).open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except (OSError, ValueError):
            raise CommandError(_("The file cannot be opened: %s") % name) from None
