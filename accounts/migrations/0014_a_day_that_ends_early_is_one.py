from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_a_day_may_end_early")]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        ValidateConstraint(model_name="closure", name="closure_closes_early_on_one_day"),
    ]
