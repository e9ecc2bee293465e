"""Make the one school and the policy's hours, Monday to Friday (policy: Times). The school enters itself later.

A school that is there already keeps its own row and its own hours. From now on nobody deletes the row.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

MONDAY_TO_FRIDAY = range(5)
HOURS = {
    "working_start": "08:30",
    "working_end": "17:00",
    "reply_start": "08:30",
    "reply_end": "16:30",
    "arrival_start": "08:30",
    "arrival_end": "15:30",
    "teaching_start": "09:00",
    "teaching_end": "15:30",
}


def begin(apps, schema_editor):
    school, hours = apps.get_model("accounts", "School"), apps.get_model("accounts", "WorkingHours")
    if school.objects.exists():
        return
    school.objects.create(pk=1)
    if not hours.objects.exists():
        hours.objects.bulk_create(hours(weekday=weekday, **HOURS) for weekday in MONDAY_TO_FRIDAY)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_a_day_that_ends_early_is_one")]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="school",
            trigger=pgtrigger.compiler.Trigger(
                name="school_is_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="4c2599deb834f9ff10329194b4d7585d82e2fef0",
                    operation="DELETE",
                    pgid="pgtrigger_school_is_never_deleted_5d089",
                    table="accounts_school",
                    when="BEFORE",
                ),
            ),
        ),
    ]
