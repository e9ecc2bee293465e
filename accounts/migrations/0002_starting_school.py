"""Make the school row and the policy’s hours, so that a new portal begins with both."""

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
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
