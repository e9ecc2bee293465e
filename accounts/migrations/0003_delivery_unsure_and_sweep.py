from django.db import migrations, models

import malpas.lib.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_delivery_any_hour"),
    ]

    operations = [
        # Better to fail and be run again than to hold up whoever sends mail meanwhile.
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        migrations.AddField(
            model_name="delivery",
            name="unsure",
            field=models.PositiveBigIntegerField(db_default=0, default=0, verbose_name="may have gone twice"),
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("done_at", models.DateTimeField(db_default=malpas.lib.clock.SchoolNow())),
            ],
        ),
    ]
