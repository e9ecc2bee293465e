import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("classes", "0002_pictures_and_class_doors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Better to fail and be run again than to hold up whoever joins meanwhile.
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        migrations.AddField(
            model_name="guardianship",
            name="order_decided_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="invitation",
            name="wrong_birthdays",
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name="invitation",
            name="suspicion",
            field=models.TextField(
                blank=True,
                choices=[
                    ("guessed", "the birthday was guessed at"),
                    ("other_adult", "tried by another adult"),
                ],
                db_default="",
                default="",
                editable=False,
                verbose_name="what was odd",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="tried_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="office_told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
