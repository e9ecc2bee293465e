import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import malpas.lib.db.clock

# The portal's clock. Tests and rehearsals replace it; columns take their default from it.
SCHOOL_NOW = """
CREATE OR REPLACE FUNCTION school_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT now()'
"""
# school_now() is fixed at the start of a transaction; this goes on while the transaction waits for a lock.
SCHOOL_INSTANT = """
CREATE OR REPLACE FUNCTION school_instant() RETURNS timestamptz
LANGUAGE sql VOLATILE AS $$SELECT school_now() + (clock_timestamp() - transaction_timestamp())$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(SCHOOL_NOW, "DROP FUNCTION IF EXISTS school_now()"),
        migrations.RunSQL(SCHOOL_INSTANT, "DROP FUNCTION IF EXISTS school_instant()"),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "a person"), ("class", "a class account"), ("pupil", "a pupil")],
                        default="person",
                        editable=False,
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, null=True, verbose_name="e-mail address"),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("cy", "Cymraeg")],
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                (
                    "joined_at",
                    models.DateTimeField(
                        db_default=malpas.lib.db.clock.SchoolNow(), editable=False, verbose_name="joined"
                    ),
                ),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="access ended"),
                ),
                ("access_epoch", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="when")),
                ("verb", models.CharField(max_length=60, verbose_name="what was done")),
                ("about", models.CharField(blank=True, max_length=80, verbose_name="about")),
                ("detail", models.JSONField(blank=True, default=dict, verbose_name="detail")),
                ("turn", models.BigIntegerField(db_default=0, default=0, editable=False)),
                ("is_sealed", models.BooleanField(db_default=False, default=False, editable=False)),
            ],
            options={
                "verbose_name": "entry of the record",
                "verbose_name_plural": "record of what was done",
                "ordering": ["-at", "-turn"],
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("half_term", "Half-term"),
                            ("inset", "INSET day"),
                            ("holiday", "Holiday"),
                            ("closed", "School closed"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "name_cy",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=80, verbose_name="name in Welsh"
                    ),
                ),
                ("starts", models.DateField(verbose_name="first day")),
                ("ends", models.DateField(verbose_name="last day")),
                (
                    "closes_at",
                    models.TimeField(
                        blank=True,
                        help_text="Only for a day that ends early, such as snow at noon. Empty: there is no school on these days.",
                        null=True,
                        verbose_name="school closes at",
                    ),
                ),
                ("uid", models.TextField(blank=True, db_default="", default="", editable=False)),
            ],
            options={
                "verbose_name": "closure",
                "verbose_name_plural": "closures",
                "ordering": ["starts"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254, verbose_name="to")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", models.TextField(blank=True)),
                ("message_id", models.CharField(max_length=120, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting to go"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "could not be sent"),
                            ("cancelled", "cancelled"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("next_attempt_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("any_hour", models.BooleanField(db_default=False, default=False)),
                (
                    "digest",
                    models.TextField(blank=True, db_default="", default="", editable=False, max_length=40),
                ),
                ("notices", models.BigIntegerField(db_default=1, default=1, editable=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "unsure",
                    models.PositiveBigIntegerField(
                        db_default=0, default=0, verbose_name="may have gone twice"
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("is_sealed", models.BooleanField(db_default=False, default=False, editable=False)),
            ],
            options={
                "verbose_name": "e-mail",
                "verbose_name_plural": "e-mails",
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.TextField(max_length=64)),
                ("browser", models.TextField(max_length=40)),
                ("first_seen_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
            ],
            options={
                "verbose_name": "device",
                "verbose_name_plural": "devices",
            },
        ),
        migrations.CreateModel(
            name="GovernorChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("name", "becomes the governor for complaints about the head teacher"),
                            ("end", "is no longer the governor"),
                            ("address", "gets a new e-mail address"),
                            ("mfa", "sets up a new second step"),
                            ("provider", "no longer signs in with Microsoft or Google"),
                            ("own_address", "has changed their own e-mail address"),
                        ],
                        verbose_name="change",
                    ),
                ),
                ("address", models.TextField(blank=True, verbose_name="e-mail address")),
                ("reason", models.TextField(verbose_name="reason")),
                ("proposed_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("open", "waits for a second leader"),
                            ("done", "done"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                    ),
                ),
                ("transaction", models.BigIntegerField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["proposed_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=120)),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True)),
                ("path", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("release_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("is_sealed", models.BooleanField(db_default=False, default=False, editable=False)),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
            },
        ),
        migrations.CreateModel(
            name="School",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("name_cy", models.CharField(max_length=120, verbose_name="name in Welsh")),
                ("short_name_en", models.CharField(max_length=40, verbose_name="short name in English")),
                ("short_name_cy", models.CharField(max_length=40, verbose_name="short name in Welsh")),
                ("address", models.TextField(blank=True, verbose_name="address")),
                ("office_phone", models.CharField(max_length=30, verbose_name="office telephone")),
                ("office_email", models.EmailField(max_length=254, verbose_name="office e-mail")),
                (
                    "concerns_email",
                    models.EmailField(
                        help_text="It is at the foot of every page.",
                        max_length=254,
                        verbose_name="e-mail for concerns",
                    ),
                ),
                (
                    "behaviour_policy_url",
                    models.URLField(blank=True, verbose_name="address of the behaviour policy"),
                ),
                ("calendar_version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "messages_an_hour",
                    models.BigIntegerField(
                        db_default=20,
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="messages of one parent in an hour",
                    ),
                ),
                (
                    "complaint_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(
                            validators=[
                                django.core.validators.MinValueValidator(1),
                                django.core.validators.MaxValueValidator(60),
                            ]
                        ),
                        db_default=models.Value(
                            [5, 10, 15],
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        size=3,
                        verbose_name="school days for each stage of a complaint",
                    ),
                ),
                ("messaging_suspended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("lists_version", models.BigIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                "verbose_name": "school",
                "verbose_name_plural": "the school",
            },
        ),
        migrations.CreateModel(
            name="StaffInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.TextField(verbose_name="e-mail address")),
                ("token_hash", models.TextField(editable=False, null=True, unique=True)),
                ("sent_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "invitation of a member of staff",
                "verbose_name_plural": "invitations of members of staff",
                "ordering": [
                    models.OrderBy(models.F("sent_at"), descending=True),
                    models.OrderBy(models.F("pk"), descending=True),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pin", models.CharField(blank=True, editable=False, max_length=160)),
                ("pin_failures", models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                ("pin_locked_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("title", models.CharField(blank=True, max_length=20, verbose_name="title")),
                ("forename", models.CharField(max_length=60, verbose_name="forename")),
                ("surname", models.CharField(max_length=60, verbose_name="surname")),
                ("job", models.CharField(blank=True, max_length=80, verbose_name="job")),
                ("is_slt", models.BooleanField(default=False, verbose_name="senior leader")),
                ("is_head", models.BooleanField(default=False, verbose_name="head teacher")),
                ("is_office", models.BooleanField(default=False, verbose_name="office")),
                ("is_safeguarding", models.BooleanField(default=False, verbose_name="safeguarding lead")),
                (
                    "is_governor",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        verbose_name="governor for complaints about the head teacher",
                    ),
                ),
                ("pin_from_leader", models.BooleanField(db_default=False, default=False, editable=False)),
                ("added_key", models.UUIDField(editable=False, null=True, unique=True)),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                ("leaves_on", models.DateField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "member of staff",
                "verbose_name_plural": "members of staff",
                "ordering": [models.OrderBy(models.F("surname")), models.OrderBy(models.F("forename"))],
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("done_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
            ],
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name_cy",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=80, verbose_name="name in Welsh"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("starts", models.DateField(verbose_name="first day")),
                ("ends", models.DateField(verbose_name="last day")),
                ("uid", models.TextField(blank=True, db_default="", default="", editable=False)),
            ],
            options={
                "verbose_name": "term",
                "verbose_name_plural": "terms",
                "ordering": ["starts"],
            },
        ),
        migrations.CreateModel(
            name="TermsAcceptance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="agreed"),
                ),
            ],
            options={
                "verbose_name": "acceptance of the terms",
                "verbose_name_plural": "acceptances of the terms",
            },
        ),
        migrations.CreateModel(
            name="TermsVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(unique=True, verbose_name="version")),
                ("body_en", models.TextField(verbose_name="words in English")),
                ("body_cy", models.TextField(verbose_name="words in Welsh")),
                ("dated", models.DateField(verbose_name="date")),
                ("review_by", models.DateField(verbose_name="to be reviewed by")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
            ],
            options={
                "verbose_name": "version of the terms",
                "verbose_name_plural": "versions of the terms",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="WorkingHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        unique=True,
                        verbose_name="day",
                    ),
                ),
                ("working_start", models.TimeField(default="08:30", verbose_name="staff work from")),
                ("working_end", models.TimeField(default="17:00", verbose_name="staff work until")),
                ("reply_start", models.TimeField(default="08:30", verbose_name="replies from")),
                ("reply_end", models.TimeField(default="16:30", verbose_name="replies until")),
                (
                    "arrival_start",
                    models.TimeField(default="08:30", verbose_name="answered as soon as can be, from"),
                ),
                (
                    "arrival_end",
                    models.TimeField(default="15:30", verbose_name="answered as soon as can be, until"),
                ),
                ("teaching_start", models.TimeField(default="09:00", verbose_name="teaching from")),
                ("teaching_end", models.TimeField(default="15:30", verbose_name="teaching until")),
            ],
            options={
                "verbose_name": "hours of a day",
                "verbose_name_plural": "hours of the week",
                "ordering": ["weekday"],
            },
        ),
        migrations.CreateModel(
            name="ParentPin",
            fields=[
                ("pin", models.CharField(blank=True, editable=False, max_length=160)),
                ("pin_failures", models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                ("pin_locked_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="parent_pin",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("chosen_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
            ],
            options={
                "verbose_name": "grown-up PIN",
                "verbose_name_plural": "grown-up PINs",
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"), name="user_email_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email__isnull", True), ("kind", "pupil")),
                    models.Q(("kind", "pupil"), _negated=True),
                    _connector="OR",
                ),
                name="user_pupil_has_no_address",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="user_kind_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e1f47ce1ee1bd8e0a07acfd3c5b0bd934c05b44e",
                    operation="UPDATE",
                    pgid="pgtrigger_user_kind_never_changes_e7f4f",
                    table="accounts_user",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="user_of_staff_is_a_person",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"kind\" IS DISTINCT FROM 'person')",
                    func="\n                IF EXISTS (SELECT 1 FROM accounts_staffmember s WHERE s.user_id = NEW.id) THEN\n                    RAISE EXCEPTION 'staff_account_is_a_persons' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="c60301bd3fac5dd15570080ff767d9ad75e2b36a",
                    operation="INSERT",
                    pgid="pgtrigger_user_of_staff_is_a_person_e5cc9",
                    table="accounts_user",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="user_of_governor_takes_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (\n                    SELECT 1 FROM accounts_staffmember s\n                    WHERE s.user_id = NEW.id AND s.is_governor AND s.left_on IS NULL\n                    AND (OLD.is_active AND NOT NEW.is_active\n                        OR OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL\n                        OR NEW.email IS DISTINCT FROM OLD.email AND NOT EXISTS (\n                            SELECT 1 FROM accounts_governorchange c WHERE c.staff_id = s.id\n                            AND c.kind IN ('address', 'own_address') AND c.transaction = txid_current()\n                        ))\n                ) THEN\n                    RAISE EXCEPTION 'user_of_governor_takes_two' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="05976a799339320881cb86a16fc24c91388493f5",
                    operation='UPDATE OF "email", "is_active", "removed_at"',
                    pgid="pgtrigger_user_of_governor_takes_two_8f373",
                    table="accounts_user",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="user",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gte", models.F("starts"))),
                name="closure_ends_after_start",
                violation_error_message="The last day comes before the first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closes_at__isnull", True), ("ends", models.F("starts")), _connector="OR"
                ),
                name="closure_closes_early_on_one_day",
                violation_error_message="School closes early on one day: give the same first and last day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends__lt",
                        django.db.models.expressions.CombinedExpression(
                            models.F("starts"), "+", models.Value(datetime.timedelta(days=100))
                        ),
                    )
                ),
                name="closure_is_shorter_than_a_term",
                violation_error_message="School closed for 100 days or more? Please check the dates. You don’t need to enter the holidays between terms.",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends__lt", datetime.date(2100, 1, 1)), ("starts__gte", datetime.date(2000, 1, 1))
                ),
                name="closure_in_living_memory",
                violation_error_message="Please check the year.",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="device",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="devices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notifications",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="notification",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="accounts.notification",
            ),
        ),
        migrations.AddConstraint(
            model_name="school",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="school_is_one_row"),
        ),
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
        migrations.AddField(
            model_name="staffinvitation",
            name="accepted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="staffmember",
            name="user",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="staff_member",
                to=settings.AUTH_USER_MODEL,
                verbose_name="own account",
            ),
        ),
        migrations.AddField(
            model_name="staffinvitation",
            name="sent_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="staffinvitation",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="accounts.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="governorchange",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="governorchange",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.staffmember",
            ),
        ),
        migrations.AddField(
            model_name="governorchange",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.staffmember",
                verbose_name="governor",
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="staff",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accounts.staffmember",
                verbose_name="member of staff",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gte", models.F("starts"))),
                name="term_ends_after_start",
                violation_error_message="The last day comes before the first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends__lt",
                        django.db.models.expressions.CombinedExpression(
                            models.F("starts"), "+", models.Value(datetime.timedelta(days=250))
                        ),
                    )
                ),
                name="term_lasts_less_than_a_year",
                violation_error_message="A term of 250 days or more is too long. Please check the dates.",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends__lt", datetime.date(2100, 1, 1)), ("starts__gte", datetime.date(2000, 1, 1))
                ),
                name="term_in_living_memory",
                violation_error_message="Please check the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.F("starts"),
                            django.db.models.functions.comparison.Greatest("starts", "ends"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    )
                ],
                name="terms_do_not_overlap",
                violation_error_message="Another term has some of these days already.",
            ),
        ),
        migrations.AddField(
            model_name="termsacceptance",
            name="staff",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.staffmember",
                verbose_name="member of staff",
            ),
        ),
        migrations.AddField(
            model_name="termsacceptance",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="acceptances",
                to=settings.AUTH_USER_MODEL,
                verbose_name="account",
            ),
        ),
        migrations.AddConstraint(
            model_name="termsversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("review_by__gt", models.F("dated"))), name="terms_review_after_date"
            ),
        ),
        migrations.AddField(
            model_name="termsacceptance",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acceptances",
                to="accounts.termsversion",
                verbose_name="version of the terms",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="termsversion",
            trigger=pgtrigger.compiler.Trigger(
                name="terms_published_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."published_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="93b1036169d3d5418990f9b82e7f93ef597fc0e5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_terms_published_stay_d3907",
                    table="accounts_termsversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("working_start__lt", models.F("working_end"))),
                name="hours_working_ends_after_start",
                violation_error_message="Each of the hours must end after they begin.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("reply_start__lt", models.F("reply_end"))),
                name="hours_reply_ends_after_start",
                violation_error_message="Each of the hours must end after they begin.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("arrival_start__lt", models.F("arrival_end"))),
                name="hours_arrival_ends_after_start",
                violation_error_message="Each of the hours must end after they begin.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("teaching_start__lt", models.F("teaching_end"))),
                name="hours_teaching_ends_after_start",
                violation_error_message="Each of the hours must end after they begin.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reply_end__lte", models.F("working_end")),
                    ("reply_start__gte", models.F("working_start")),
                ),
                name="hours_reply_inside_working",
                violation_error_message="The hours for replies must lie inside those in which staff work.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("arrival_end__lte", models.F("working_end")),
                    ("arrival_start__gte", models.F("working_start")),
                ),
                name="hours_arrival_inside_working",
                violation_error_message="The hours of answers as soon as can be must lie inside those of work.",
            ),
        ),
        migrations.AddConstraint(
            model_name="workinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("teaching_end__lte", models.F("working_end")),
                    ("teaching_start__gte", models.F("working_start")),
                ),
                name="hours_teaching_inside_working",
                violation_error_message="Lessons must lie inside the hours in which staff work.",
            ),
        ),
        migrations.AddConstraint(
            model_name="parentpin",
            constraint=models.CheckConstraint(
                condition=models.Q(("pin_failures__gte", 0), ("pin_failures__lte", 10)),
                name="parent_lock_pin_tries_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="parentpin",
            constraint=models.CheckConstraint(
                condition=models.Q(("pin__startswith", "argon2$")), name="parent_lock_pin_is_hashed"
            ),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(fields=("user", "mark", "browser"), name="device_once"),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(fields=("recipient", "key"), name="notification_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notification",
            trigger=pgtrigger.compiler.Trigger(
                name="notification_seal_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."is_sealed" IS DISTINCT FROM (NEW."is_sealed"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="0964ab57497c24ff6e08e01b4e27f4d4be46c14b",
                    operation="UPDATE",
                    pgid="pgtrigger_notification_seal_stays_6d4c2",
                    table="accounts_notification",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["pending", "sending"])),
                fields=["next_attempt_at"],
                name="delivery_waiting",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="delivery_seal_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."is_sealed" IS DISTINCT FROM (NEW."is_sealed"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="12ef28e13c5977a6db9ae9e0ed878bbd96086e60",
                    operation="UPDATE",
                    pgid="pgtrigger_delivery_seal_stays_8a5ac",
                    table="accounts_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="delivery_is_sealed_when_written",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                NEW.is_sealed := NEW.is_sealed OR EXISTS (\n                    SELECT 1 FROM accounts_notification n WHERE n.id = NEW.notification_id AND n.is_sealed\n                ) OR EXISTS (\n                    SELECT 1 FROM accounts_staffmember s JOIN accounts_user u ON u.id = s.user_id\n                    WHERE s.is_governor AND (u.id = NEW.user_id OR lower(u.email) = lower(NEW.address))\n                );\n                RETURN NEW;\n                ",
                    hash="54601524f5668d5467c96c716dce472ebe3a7da3",
                    operation="INSERT",
                    pgid="pgtrigger_delivery_is_sealed_when_written_49d31",
                    table="accounts_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_head", False), ("is_slt", True), _connector="OR"),
                name="staff_head_is_slt",
                violation_error_message="A head teacher is a senior leader too: tick both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_head", False),
                    models.Q(("leaves_on__isnull", True), ("left_on__isnull", True)),
                    _connector="OR",
                ),
                name="staff_head_has_not_left",
                violation_error_message="The head teacher hands over to a successor first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_on__isnull", True), ("leaves_on__isnull", True), _connector="OR"),
                name="staff_left_or_leaves",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_on__isnull", True),
                    models.Q(
                        ("left_on__gte", datetime.date(2000, 1, 1)),
                        ("left_on__lt", datetime.date(2100, 1, 1)),
                    ),
                    _connector="OR",
                ),
                name="staff_left_on_in_living_memory",
                violation_error_message="Please check the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("leaves_on__isnull", True),
                    models.Q(
                        ("leaves_on__gte", datetime.date(2000, 1, 1)),
                        ("leaves_on__lt", datetime.date(2100, 1, 1)),
                    ),
                    _connector="OR",
                ),
                name="staff_leaves_on_in_living_memory",
                violation_error_message="Please check the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_head", True)),
                fields=("is_head",),
                name="staff_head_once",
                violation_error_message="There is a head teacher already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_head", False), ("is_governor", False), _connector="OR"),
                name="staff_head_is_no_governor",
                violation_error_message="The head teacher does not read complaints about the head teacher.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffmember",
            trigger=pgtrigger.compiler.Trigger(
                name="staff_account_was_accepted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF NEW.user_id IS NULL OR (TG_OP = 'UPDATE' AND NEW.user_id IS NOT DISTINCT FROM OLD.user_id) THEN\n            RETURN NEW;\n        END IF;\n        IF EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.user_id AND u.kind <> 'person') THEN\n            RAISE EXCEPTION 'staff_account_is_a_persons' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NOT EXISTS (\n            SELECT 1 FROM accounts_staffinvitation i WHERE i.staff_id = NEW.id\n            AND i.accepted_by_id = NEW.user_id AND i.accepted_at IS NOT NULL AND i.ended_at IS NULL\n        ) THEN\n            RAISE EXCEPTION 'staff_account_was_accepted' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ",
                    hash="ce8ff3ac311bad3a6e62f2ec850e9ff9770eb969",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_staff_account_was_accepted_32d9d",
                    table="accounts_staffmember",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffmember",
            trigger=pgtrigger.compiler.Trigger(
                name="staff_one_leader_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE leads boolean;",
                    func="\n        leads := TG_OP = 'UPDATE' AND NEW.is_slt AND NEW.user_id IS NOT NULL\n            AND NEW.left_on IS NULL AND NEW.leaves_on IS NULL;\n        IF leads OR NOT OLD.is_slt OR OLD.user_id IS NULL\n            OR OLD.left_on IS NOT NULL OR OLD.leaves_on IS NOT NULL THEN\n            RETURN NULL;\n        END IF;\n        PERFORM pg_advisory_xact_lock(hashtext('staff_one_leader_stays'));\n        IF NOT EXISTS (\n            SELECT 1 FROM accounts_staffmember s WHERE s.is_slt AND s.user_id IS NOT NULL\n            AND s.left_on IS NULL AND s.leaves_on IS NULL\n        ) THEN\n            RAISE EXCEPTION 'staff_one_leader_stays' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NULL;\n        ",
                    hash="83d091c1a4726ee027ed6a3853ab4fe538263c92",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_staff_one_leader_stays_9050c",
                    table="accounts_staffmember",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffmember",
            trigger=pgtrigger.compiler.Trigger(
                name="staff_governor_takes_two",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF NEW.is_governor <> OLD.is_governor AND NOT EXISTS (\n            SELECT 1 FROM accounts_governorchange c WHERE c.staff_id = NEW.id\n            AND c.kind = CASE WHEN NEW.is_governor THEN 'name' ELSE 'end' END\n            AND c.transaction = txid_current()\n        ) OR OLD.is_governor AND NEW.is_governor AND OLD.left_on IS NULL\n            AND (NEW.left_on IS NOT NULL OR NEW.user_id IS DISTINCT FROM OLD.user_id)\n        THEN\n            RAISE EXCEPTION 'staff_governor_takes_two' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ",
                    hash="af556cad18cec330c5adc2651619d32c87f9b011",
                    operation="UPDATE",
                    pgid="pgtrigger_staff_governor_takes_two_3fe51",
                    table="accounts_staffmember",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=("staff",),
                name="staff_invitation_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", False), ("ended_at__isnull", True)),
                fields=("staff",),
                name="staff_invitation_one_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinvitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", False), ("ended_at__isnull", True)),
                fields=("accepted_by",),
                name="staff_invitation_one_member",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                    models.Q(
                        ("accepted_at__isnull", False),
                        ("accepted_by__isnull", False),
                        ("withdrawn_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="staff_invitation_accepted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_by__isnull", False), ("token_hash__isnull", False)),
                    models.Q(
                        ("accepted_at__isnull", False),
                        ("sent_by__isnull", True),
                        ("token_hash__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="staff_invitation_sent_or_by_server",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("accepted_at__isnull", False), _connector="OR"
                ),
                name="staff_invitation_ended_after_accepted",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffinvitation",
            trigger=pgtrigger.compiler.Trigger(
                name="staff_invitation_rightly_accepted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF TG_OP = 'INSERT' THEN\n                    IF NEW.accepted_at IS NOT NULL AND NEW.sent_by_id IS NOT NULL THEN\n                        RAISE EXCEPTION 'staff_invitation_begins_open' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                END IF;\n                IF (NEW.staff_id, NEW.address, NEW.token_hash, NEW.sent_by_id, NEW.sent_at, NEW.expires_at)\n                    IS DISTINCT FROM\n                    (OLD.staff_id, OLD.address, OLD.token_hash, OLD.sent_by_id, OLD.sent_at, OLD.expires_at)\n                    OR (OLD.accepted_at IS NOT NULL AND (NEW.accepted_at, NEW.accepted_by_id)\n                        IS DISTINCT FROM (OLD.accepted_at, OLD.accepted_by_id))\n                    OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)\n                    OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN\n                    RAISE EXCEPTION 'staff_invitation_stays' USING ERRCODE = 'check_violation';\n                END IF;\n                IF OLD.accepted_at IS NOT NULL OR NEW.accepted_at IS NULL THEN\n                    RETURN NEW;\n                END IF;\n                IF NEW.expires_at <= school_now() THEN\n                    RAISE EXCEPTION 'staff_invitation_is_in_time' USING ERRCODE = 'check_violation';\n                END IF;\n                IF NOT EXISTS (\n                    SELECT 1 FROM accounts_user u JOIN account_emailaddress e ON e.user_id = u.id AND e.verified\n                    WHERE u.id = NEW.accepted_by_id AND u.kind = 'person' AND u.is_active\n                    AND u.removed_at IS NULL AND lower(u.email) = lower(NEW.address)\n                    AND lower(e.email) = lower(NEW.address)\n                ) THEN\n                    RAISE EXCEPTION 'staff_invitation_of_own_address' USING ERRCODE = 'check_violation';\n                END IF;\n                IF EXISTS (\n                    SELECT 1 FROM accounts_staffmember s\n                    WHERE s.id = NEW.sent_by_id AND s.user_id = NEW.accepted_by_id\n                ) THEN\n                    RAISE EXCEPTION 'staff_invitation_by_another' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="041a7086c845c89d30388f514c101d0c7be8cbc7",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_staff_invitation_rightly_accepted_a7212",
                    table="accounts_staffinvitation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="staffinvitation",
            trigger=pgtrigger.compiler.Trigger(
                name="staff_invitation_is_not_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="2d2accf834136336234a4c65b3e0bc343d342827",
                    operation="DELETE",
                    pgid="pgtrigger_staff_invitation_is_not_deleted_c9472",
                    table="accounts_staffinvitation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="governorchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("staff", "kind"),
                name="governor_change_open_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="governorchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    models.Q(("confirmed_by__isnull", True), ("proposed_by__isnull", True)),
                    models.Q(
                        ("confirmed_by__isnull", True),
                        ("kind", "own_address"),
                        ("proposed_by", models.F("staff")),
                    ),
                    models.Q(
                        ("confirmed_by__isnull", False),
                        ("proposed_by__isnull", False),
                        models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                        models.Q(("confirmed_by", models.F("staff")), _negated=True),
                        models.Q(("proposed_by", models.F("staff")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="governor_change_takes_two",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="governorchange",
            trigger=pgtrigger.compiler.Trigger(
                name="governor_change_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="33ffea3e4147567b527f445fab32b8eb5a28798d",
                    operation="DELETE",
                    pgid="pgtrigger_governor_change_stays_7752d",
                    table="accounts_governorchange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="governorchange",
            trigger=pgtrigger.compiler.Trigger(
                name="governor_change_is_by_leaders",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF TG_OP = 'UPDATE' AND (OLD.state <> 'open'\n                    OR (NEW.staff_id, NEW.kind, NEW.address, NEW.reason, NEW.proposed_at)\n                        IS DISTINCT FROM (OLD.staff_id, OLD.kind, OLD.address, OLD.reason, OLD.proposed_at)\n                    OR NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id)\n                OR NEW.kind <> 'own_address' AND EXISTS (\n                    SELECT 1 FROM accounts_staffmember s\n                    WHERE s.id IN (NEW.proposed_by_id, NEW.confirmed_by_id)\n                    AND (s.is_head OR (TG_OP = 'INSERT' OR s.id = NEW.confirmed_by_id)\n                        AND (NOT s.is_slt OR s.left_on IS NOT NULL))\n                ) THEN\n                    RAISE EXCEPTION 'governor_change_is_by_leaders' USING ERRCODE = 'check_violation';\n                END IF;\n                NEW.transaction := CASE WHEN NEW.state = 'done' THEN txid_current() END;\n                RETURN NEW;\n                ",
                    hash="3f04c3e50106ffdf06b626ddcaefc9fa5fc2c16e",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_governor_change_is_by_leaders_326b4",
                    table="accounts_governorchange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["about"], name="audit_about"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["at"], name="audit_at"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditentry",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_is_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1338c8dec0b6290b41ab4b288a9c7153e0b64c7d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_audit_is_append_only_a92c0",
                    table="accounts_auditentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditentry",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_id_is_random",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.turn := NEW.id; NEW.id := 1 + floor(random() * 9007199254740990)::bigint; RETURN NEW;",
                    hash="1898680c3917e5c8d0f09e05e5f86f26fda97ed6",
                    operation="INSERT",
                    pgid="pgtrigger_audit_id_is_random_01994",
                    table="accounts_auditentry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="termsacceptance",
            constraint=models.UniqueConstraint(
                fields=("user", "staff", "version"), name="terms_accepted_once", nulls_distinct=False
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="termsacceptance",
            trigger=pgtrigger.compiler.Trigger(
                name="terms_acceptance_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="940835871a3d729fff5c6e2f38ad1ddf605dc095",
                    operation="UPDATE",
                    pgid="pgtrigger_terms_acceptance_stays_5af1a",
                    table="accounts_termsacceptance",
                    when="BEFORE",
                ),
            ),
        ),
    ]
