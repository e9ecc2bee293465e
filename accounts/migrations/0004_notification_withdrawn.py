from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_delivery_unsure_and_sweep"),
    ]

    operations = [
        # Better to fail and be run again than to hold up whoever tells somebody something meanwhile.
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        migrations.AddField(
            model_name="notification",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
