from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0013_descriptions_are_of_photos"),
    ]

    operations = [
        # Better to fail and be run again than to hold up whoever writes meanwhile.
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        ValidateConstraint(model_name="attachment", name="attachment_only_a_photo_is_described"),
    ]
