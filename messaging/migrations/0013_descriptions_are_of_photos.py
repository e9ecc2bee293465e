import django.db.models.functions.text
import django.db.models.lookups
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0012_photos_say_what_they_show"),
    ]

    operations = [
        # Better to fail and be run again than to hold up whoever writes meanwhile.
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        AddConstraintNotValid(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("alt", ""),
                    models.Q(
                        django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("alt"), 200
                        ),
                        ("kind", "photo"),
                    ),
                    _connector="OR",
                ),
                name="attachment_only_a_photo_is_described",
            ),
        ),
    ]
