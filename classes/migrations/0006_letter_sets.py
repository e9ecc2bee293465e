"""Letters of a whole school are made by a worker: the request, and the file until somebody has it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import malpas.lib.clock


class Migration(migrations.Migration):
    dependencies = [
        ("classes", "0005_codes_for_guardians_and_leaving_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Better to fail and be run again than to hold up whoever reads meanwhile.
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        migrations.CreateModel(
            name="LetterSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(editable=False)),
                ("asked_at", models.DateTimeField(db_default=malpas.lib.clock.SchoolNow())),
                ("name", models.TextField()),
                (
                    "guardianships",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("by_hand", models.BooleanField()),
                ("ends", models.BigIntegerField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("asked", "being made"),
                            ("ready", "ready to download"),
                            ("fetched", "downloaded"),
                            ("expired", "not downloaded in time"),
                            ("failed", "not made"),
                        ],
                        default="asked",
                    ),
                ),
                (
                    "failure",
                    models.TextField(
                        blank=True,
                        choices=[
                            (
                                "changed",
                                "The number of letters that would end has changed meanwhile. Nothing was done. Please start again.",
                            ),
                            (
                                "refused",
                                "One of the adults may not have a code any more. Nothing was done. Please look at the list again.",
                            ),
                            ("nobody", "Everybody has joined, has a code, or waits for your decision."),
                            ("no_right", "Codes are made by the office."),
                            (
                                "gave_up",
                                "The letters could not be made. No code was changed. Please try again, or tell your technician.",
                            ),
                        ],
                        db_default="",
                        default="",
                    ),
                ),
                ("attempts", models.BigIntegerField(db_default=0, default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                (
                    "invitations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
                ("ready_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "set of letters",
                "verbose_name_plural": "sets of letters",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["asked", "ready"])),
                        fields=["state"],
                        name="letter_set_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("asked_by", "key"), name="letter_set_once_for_each_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ready_at__isnull", False), ("sealed__isnull", False), ("state", "ready")
                            ),
                            models.Q(models.Q(("state", "ready"), _negated=True), ("sealed__isnull", True)),
                            _connector="OR",
                        ),
                        name="letter_set_is_sealed_while_ready",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), models.Q(("failure", ""), _negated=True)),
                            models.Q(models.Q(("state", "failed"), _negated=True), ("failure", "")),
                            _connector="OR",
                        ),
                        name="letter_set_failed_says_why",
                    ),
                ],
            },
        ),
    ]
