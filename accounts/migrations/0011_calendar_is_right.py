from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_calendar_kept_right")]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        ValidateConstraint(model_name="closure", name="closure_is_shorter_than_a_term"),
        ValidateConstraint(model_name="closure", name="closure_in_living_memory"),
        ValidateConstraint(model_name="term", name="term_lasts_less_than_a_year"),
        ValidateConstraint(model_name="term", name="term_in_living_memory"),
        ValidateConstraint(model_name="workinghours", name="hours_reply_inside_working"),
        ValidateConstraint(model_name="workinghours", name="hours_arrival_inside_working"),
        ValidateConstraint(model_name="workinghours", name="hours_teaching_inside_working"),
    ]
