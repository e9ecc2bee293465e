import datetime

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import malpas.lib.db.clock

# Whether a code for this adult needs the approval of a senior leader (PA-2): classes.guardianship.rules.why_approval.
CODE_NEEDS_APPROVAL = """
CREATE OR REPLACE FUNCTION code_needs_approval(
    relationship text, parental_responsibility boolean, court_order boolean, suggestion text
) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT court_order OR suggestion = 'hold'
        OR NOT (parental_responsibility OR relationship IN ('mother', 'father', 'guardian'))
$$
"""
# Whether this adult has access to this child today; "unrestricted" also asks for the right to write.
HAS_ACCESS = """
CREATE OR REPLACE FUNCTION has_access(of_pupil bigint, of_parent bigint, unrestricted boolean) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM classes_guardianship tie
        JOIN classes_contact adult ON adult.id = tie.contact_id
        JOIN accounts_user person ON person.id = adult.user_id
        JOIN classes_pupil child ON child.id = tie.pupil_id
        WHERE tie.pupil_id = of_pupil AND adult.user_id = of_parent
          AND tie.joined_at IS NOT NULL AND tie.ended_at IS NULL
          AND (tie.restriction = 'none' OR (tie.restriction <> 'no_access' AND NOT unrestricted))
          AND (child.left_on IS NULL OR child.left_on > (school_now() AT TIME ZONE 'Europe/London')::date)
          AND person.removed_at IS NULL AND person.is_active
    );
END
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            CODE_NEEDS_APPROVAL, "DROP FUNCTION IF EXISTS code_needs_approval(text, boolean, boolean, text)"
        ),
        migrations.CreateModel(
            name="Classroom",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                ("roster_name", models.TextField(blank=True, db_default="", default="", editable=False)),
                ("renamed_from", models.TextField(blank=True, db_default="", default="", editable=False)),
                (
                    "account",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="classroom",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="class account",
                    ),
                ),
                (
                    "staff",
                    models.ManyToManyField(
                        blank=True, related_name="classrooms", to="accounts.staffmember", verbose_name="staff"
                    ),
                ),
            ],
            options={
                "verbose_name": "class",
                "verbose_name_plural": "classes",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ClassPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.TextField(editable=False, unique=True)),
                ("made_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                (
                    "classroom",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="class_page",
                        to="classes.classroom",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "school_ref",
                    models.CharField(max_length=40, unique=True, verbose_name="id in the school's system"),
                ),
                ("title", models.CharField(blank=True, max_length=20, verbose_name="title")),
                ("forename", models.CharField(blank=True, max_length=60, verbose_name="forename")),
                ("surname", models.CharField(blank=True, max_length=60, verbose_name="surname")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("mobile", models.CharField(blank=True, max_length=30, verbose_name="mobile")),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merged",
                        to="classes.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
            },
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
                ("requested_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
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
                            ("requested", "being made"),
                            ("ready", "ready to download"),
                            ("fetched", "downloaded"),
                            ("expired", "not downloaded in time"),
                            ("failed", "not made"),
                        ],
                        default="requested",
                    ),
                ),
                (
                    "failure",
                    models.TextField(
                        blank=True,
                        choices=[
                            (
                                "changed",
                                "The number of letters that would end has changed in the meantime. Nothing was done. Please start again.",
                            ),
                            (
                                "refused",
                                "One of the adults can no longer have a code. Nothing was done. Please check the list again.",
                            ),
                            ("nobody", "Everybody has joined, has a code, or waits for your decision."),
                            ("no_right", "Codes are made by the office."),
                            (
                                "gave_up",
                                "We could not make the letters. No code was changed. Please try again, or tell your technician.",
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
                    "requested_by",
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
            },
        ),
        migrations.CreateModel(
            name="Pupil",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "school_ref",
                    models.CharField(max_length=40, unique=True, verbose_name="id in the school's system"),
                ),
                (
                    "admission_number",
                    models.CharField(blank=True, max_length=20, verbose_name="admission number"),
                ),
                ("upn", models.CharField(blank=True, max_length=13, verbose_name="UPN")),
                (
                    "legal_forename",
                    models.CharField(blank=True, max_length=60, verbose_name="legal forename"),
                ),
                ("legal_surname", models.CharField(blank=True, max_length=60, verbose_name="legal surname")),
                ("preferred_forename", models.CharField(max_length=60, verbose_name="known as")),
                (
                    "preferred_surname",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=60, verbose_name="surname they use"
                    ),
                ),
                (
                    "surname",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            django.db.models.functions.comparison.NullIf(
                                "preferred_surname", models.Value("")
                            ),
                            "legal_surname",
                        ),
                        output_field=models.CharField(max_length=60),
                        verbose_name="surname",
                    ),
                ),
                ("date_of_birth", models.DateField(verbose_name="date of birth")),
                ("year", models.CharField(blank=True, max_length=12, verbose_name="year")),
                (
                    "dragon",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), editable=False, size=5
                    ),
                ),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                (
                    "account",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pupil",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "classroom",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pupils",
                        to="classes.classroom",
                        verbose_name="class",
                    ),
                ),
            ],
            options={
                "verbose_name": "pupil",
                "verbose_name_plural": "pupils",
            },
        ),
        migrations.CreateModel(
            name="PupilCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "dragon",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, editable=False, size=5
                    ),
                ),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("made_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("pictures_hash", models.TextField(blank=True, db_default="", default="", editable=False)),
                ("wrong_in_a_row", models.BigIntegerField(db_default=0, default=0, editable=False)),
                ("wrong", models.BigIntegerField(db_default=0, default=0, editable=False)),
                ("shut_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "pupil",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="card", to="classes.pupil"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SlotApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "approved_at",
                    models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="approved"),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="approved by",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="classes.contact",
                        verbose_name="adult",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="classes.pupil",
                        verbose_name="pupil",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval of a further adult",
                "verbose_name_plural": "approvals of further adults",
            },
        ),
        migrations.CreateModel(
            name="Guardianship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "relationship",
                    models.CharField(
                        choices=[
                            ("mother", "Mother"),
                            ("father", "Father"),
                            ("stepmother", "Stepmother"),
                            ("stepfather", "Stepfather"),
                            ("grandmother", "Grandmother"),
                            ("grandfather", "Grandfather"),
                            ("guardian", "Guardian"),
                            ("carer", "Carer"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=12,
                        verbose_name="relationship",
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=1, verbose_name="priority")),
                (
                    "parental_responsibility",
                    models.BooleanField(default=False, verbose_name="parental responsibility"),
                ),
                ("court_order", models.BooleanField(default=False, verbose_name="court order")),
                ("order_decided_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "suggestion",
                    models.CharField(
                        choices=[
                            ("invite", "invite"),
                            ("hold", "hold: ask first"),
                            ("contact_only", "contact only"),
                        ],
                        default="contact_only",
                        editable=False,
                        max_length=12,
                        verbose_name="suggestion",
                    ),
                ),
                (
                    "restriction",
                    models.CharField(
                        choices=[
                            ("none", "as usual"),
                            ("messaging_paused", "messaging paused"),
                            ("no_access", "no access"),
                        ],
                        default="none",
                        max_length=16,
                        verbose_name="restriction",
                    ),
                ),
                (
                    "restriction_note",
                    models.TextField(
                        blank=True, help_text="Seen by office and SLT only.", verbose_name="note"
                    ),
                ),
                (
                    "joined_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="joined"),
                ),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ended"),
                ),
                ("slot", models.PositiveSmallIntegerField(blank=True, editable=False, null=True)),
                ("code_approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("code_reason", models.TextField(blank=True, db_default="", default="", editable=False)),
                (
                    "code_approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guardianships",
                        to="classes.contact",
                        verbose_name="adult",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guardianships",
                        to="classes.pupil",
                        verbose_name="pupil",
                    ),
                ),
                (
                    "approval",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guardianship",
                        to="classes.slotapproval",
                    ),
                ),
            ],
            options={
                "verbose_name": "connection between adult and child",
                "verbose_name_plural": "connections between adults and children",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "made_at",
                    models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="made"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("used_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="used")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="withdrawn"),
                ),
                ("wrong_birthdays", models.BigIntegerField(db_default=0, default=0, editable=False)),
                (
                    "suspicion",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("guessed", "somebody guessed birthdays"),
                            ("other_adult", "tried by another adult"),
                        ],
                        db_default="",
                        default="",
                        editable=False,
                        verbose_name="what was odd",
                    ),
                ),
                ("office_notified_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "approval_reason",
                    models.TextField(
                        blank=True, db_default="", default="", editable=False, verbose_name="reason"
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="approved by",
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "guardianship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="classes.guardianship",
                        verbose_name="adult and child",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "tried_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tried by somebody else",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("guardianship",),
                        name="invitation_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="invitation_expires_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approval_reason", ""), ("approved_by__isnull", True)),
                            models.Q(
                                ("approved_by__isnull", False),
                                models.Q(("approval_reason__regex", "^\\s*$"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_approval_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterColumn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.TextField(unique=True)),
                ("header", models.TextField()),
                ("field", models.TextField(blank=True, default="")),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "column of the roster",
                "verbose_name_plural": "columns of the roster",
            },
        ),
        migrations.CreateModel(
            name="RosterImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(editable=False)),
                ("uploaded_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("name", models.TextField()),
                (
                    "state",
                    models.TextField(
                        choices=[("waiting", "waiting"), ("applied", "taken in"), ("undone", "undone")],
                        default="waiting",
                    ),
                ),
                ("file", models.BinaryField(null=True)),
                ("same", models.TextField(blank=True, default="")),
                ("same_classes", models.TextField(blank=True, default="")),
                ("figures", models.JSONField(default=dict)),
                ("undo", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "roster",
                "verbose_name_plural": "rosters",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("uploaded_by", "key"), name="roster_import_once_for_each_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("applied_at__isnull", True), ("file__isnull", False), ("state", "waiting")
                            ),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("applied_at__isnull", False),
                                ("file__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="roster_import_has_its_file_while_it_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "undone"), ("undo__isnull", True), ("undone_at__isnull", False)
                            ),
                            models.Q(
                                models.Q(("state", "undone"), _negated=True), ("undone_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="roster_import_is_undone_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "applied"), ("undo__isnull", False)),
                        fields=("state",),
                        name="roster_import_one_to_undo",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("said", models.JSONField(default=dict)),
                (
                    "contact",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roster_record",
                        to="classes.contact",
                    ),
                ),
                (
                    "pupil",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roster_record",
                        to="classes.pupil",
                    ),
                ),
            ],
            options={
                "verbose_name": "record of the roster",
                "verbose_name_plural": "records of the roster",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contact__isnull", False), ("pupil__isnull", True)),
                            models.Q(("contact__isnull", True), ("pupil__isnull", False)),
                            _connector="OR",
                        ),
                        name="roster_record_of_one",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invitation",
            trigger=pgtrigger.compiler.Trigger(
                name="invitation_is_for_a_guardian_or_approved",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE adult classes_guardianship%ROWTYPE;",
                    func="\nSELECT * INTO adult FROM classes_guardianship WHERE id = NEW.guardianship_id FOR SHARE;\nIF adult.ended_at IS NOT NULL OR adult.restriction = 'no_access' THEN\n    RAISE EXCEPTION 'invitation_for_somebody_with_access' USING ERRCODE = 'check_violation';\nEND IF;\nIF code_needs_approval(adult.relationship, adult.parental_responsibility, adult.court_order, adult.suggestion)\n   AND (NEW.approved_by_id IS NULL\n        OR (TG_OP = 'INSERT' AND NEW.approved_by_id IS DISTINCT FROM adult.code_approved_by_id)) THEN\n    RAISE EXCEPTION 'invitation_is_for_a_guardian_or_approved' USING ERRCODE = 'check_violation';\nEND IF;\nIF TG_OP = 'INSERT' AND NEW.approved_by_id IS DISTINCT FROM adult.code_approved_by_id THEN\n    IF NEW.approved_by_id IS NULL OR NOT EXISTS (\n        SELECT 1 FROM classes_slotapproval a WHERE a.pupil_id = adult.pupil_id AND a.contact_id = adult.contact_id\n        AND a.approved_by_id = NEW.approved_by_id AND a.reason = NEW.approval_reason\n    ) THEN\n        RAISE EXCEPTION 'invitation_approval_is_its_own' USING ERRCODE = 'check_violation';\n    END IF;\nEND IF;\nIF TG_OP = 'INSERT' AND 2 <= (\n    SELECT count(*) FROM classes_guardianship taken WHERE taken.pupil_id = adult.pupil_id AND taken.id <> adult.id\n    AND taken.slot IS NOT NULL AND taken.joined_at IS NOT NULL AND taken.ended_at IS NULL\n) AND NOT EXISTS (\n    SELECT 1 FROM classes_slotapproval a WHERE a.pupil_id = adult.pupil_id AND a.contact_id = adult.contact_id\n) THEN\n    RAISE EXCEPTION 'invitation_needs_a_slot' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="e5ce6a2c317339fdb016f1e292757ae9f965b4cf",
                    operation='INSERT OR UPDATE OF "guardianship_id", "used_at", "approved_by_id", "approval_reason"',
                    pgid="pgtrigger_invitation_is_for_a_guardian_or_approved_a18d7",
                    table="classes_invitation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="letterset",
            index=models.Index(
                condition=models.Q(("state__in", ["requested", "ready"])),
                fields=["state"],
                name="letter_set_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterset",
            constraint=models.UniqueConstraint(
                fields=("requested_by", "key"), name="letter_set_once_for_each_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="letterset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ready_at__isnull", False), ("sealed__isnull", False), ("state", "ready")),
                    models.Q(models.Q(("state", "ready"), _negated=True), ("sealed__isnull", True)),
                    _connector="OR",
                ),
                name="letter_set_is_sealed_while_ready",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), models.Q(("failure", ""), _negated=True)),
                    models.Q(models.Q(("state", "failed"), _negated=True), ("failure", "")),
                    _connector="OR",
                ),
                name="letter_set_failed_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="pupil",
            constraint=models.UniqueConstraint(
                condition=models.Q(("upn", ""), _negated=True), fields=("upn",), name="pupil_upn_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="pupil",
            constraint=models.CheckConstraint(
                condition=models.Q(("preferred_forename", ""), _negated=True), name="pupil_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="pupil",
            constraint=models.CheckConstraint(
                condition=models.Q(("dragon__len", 5)), name="pupil_dragon_has_five_traits"
            ),
        ),
        migrations.AddConstraint(
            model_name="pupil",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("left_on__isnull", True),
                    models.Q(
                        ("left_on__gte", models.F("date_of_birth")),
                        ("left_on__lt", datetime.date(2100, 1, 1)),
                    ),
                    _connector="OR",
                ),
                name="pupil_leaves_after_birth",
                violation_error_message="That is not a leaving date. Please check the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="slotapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "^\\s*$"), _negated=True), name="approval_has_a_reason"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="slotapproval",
            trigger=pgtrigger.compiler.Trigger(
                name="approval_is_not_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e7b19ffb58bdbb4d793c6ec1e4cdfddce4013371",
                    operation="UPDATE",
                    pgid="pgtrigger_approval_is_not_changed_f3106",
                    table="classes_slotapproval",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("pupil", "contact"),
                name="guardianship_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("joined_at__isnull", False), ("slot__isnull", False)
                ),
                fields=("pupil", "slot"),
                name="guardianship_slot_taken",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot__isnull", True), ("slot__in", [1, 2]), _connector="OR"),
                name="guardianship_two_slots",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("joined_at__isnull", True),
                    ("ended_at__isnull", False),
                    ("slot__isnull", False),
                    ("approval__isnull", False),
                    _connector="OR",
                ),
                name="guardianship_joined_holds_a_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("code_approved_at__isnull", True),
                        ("code_approved_by__isnull", True),
                        ("code_reason", ""),
                    ),
                    models.Q(
                        ("code_approved_at__isnull", False),
                        ("code_approved_by__isnull", False),
                        models.Q(("code_reason__regex", "^\\s*$"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="guardianship_code_approval_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("restriction", "none"),
                    models.Q(("restriction_note__regex", "^\\s*$"), _negated=True),
                    _connector="OR",
                ),
                name="guardianship_restriction_has_a_note",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardianship",
            trigger=pgtrigger.compiler.Trigger(
                name="guardianship_code_approval_is_of_these_facts",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."court_order" IS DISTINCT FROM (NEW."court_order") OR OLD."parental_responsibility" IS DISTINCT FROM (NEW."parental_responsibility") OR OLD."relationship" IS DISTINCT FROM (NEW."relationship") OR OLD."suggestion" IS DISTINCT FROM (NEW."suggestion"))',
                    func="\n        NEW.code_approved_by_id = NULL;\n        NEW.code_approved_at = NULL;\n        NEW.code_reason = '';\n        RETURN NEW;\n        ",
                    hash="b2ad8c95f3af1c73bef6190dad3e898ad7043768",
                    operation='UPDATE OF "relationship", "parental_responsibility", "court_order", "suggestion"',
                    pgid="pgtrigger_guardianship_code_approval_is_of_these_facts_720d0",
                    table="classes_guardianship",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardianship",
            trigger=pgtrigger.compiler.Trigger(
                name="guardianship_code_is_approved_by_a_leader",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."code_approved_by_id" IS NOT NULL)',
                    func="\n        IF NOT EXISTS (SELECT 1 FROM accounts_staffmember s WHERE s.id = NEW.code_approved_by_id AND s.is_slt)\n        THEN\n            RAISE EXCEPTION 'guardianship_code_is_approved_by_a_leader' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ",
                    hash="2576a447941cf3d837d2ff11df486272799501d7",
                    operation='INSERT OR UPDATE OF "code_approved_by_id"',
                    pgid="pgtrigger_guardianship_code_is_approved_by_a_leader_7f630",
                    table="classes_guardianship",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardianship",
            trigger=pgtrigger.compiler.Trigger(
                name="guardianship_facts_end_codes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."court_order" IS DISTINCT FROM (NEW."court_order") OR OLD."parental_responsibility" IS DISTINCT FROM (NEW."parental_responsibility") OR OLD."relationship" IS DISTINCT FROM (NEW."relationship") OR OLD."suggestion" IS DISTINCT FROM (NEW."suggestion"))',
                    func="\n        IF code_needs_approval(NEW.relationship, NEW.parental_responsibility, NEW.court_order,\n                               NEW.suggestion) THEN\n            UPDATE classes_invitation SET withdrawn_at = school_now()\n            WHERE guardianship_id = NEW.id AND used_at IS NULL AND withdrawn_at IS NULL;\n        END IF;\n        RETURN NULL;\n        ",
                    hash="b66c8b4086f26d083b22a6fbb9bfc8ce124be9ec",
                    operation='UPDATE OF "relationship", "parental_responsibility", "court_order", "suggestion"',
                    pgid="pgtrigger_guardianship_facts_end_codes_13b5f",
                    table="classes_guardianship",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardianship",
            trigger=pgtrigger.compiler.Trigger(
                name="guardianship_approval_is_its_own",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."approval_id" IS NOT NULL)',
                    func="\n        IF NOT EXISTS (SELECT 1 FROM classes_slotapproval a WHERE a.id = NEW.approval_id\n                       AND a.pupil_id = NEW.pupil_id AND a.contact_id = NEW.contact_id) THEN\n            RAISE EXCEPTION 'guardianship_approval_is_its_own' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n        ",
                    hash="999ddff31e48a53e869d97a5dc07180c8d811b1d",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_guardianship_approval_is_its_own_48482",
                    table="classes_guardianship",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="RecordChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.TextField()),
                ("old", models.TextField(blank=True, db_default="", default="")),
                ("new", models.TextField(blank=True, db_default="", default="")),
                ("at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("key", models.UUIDField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="classes.contact",
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="classes.pupil",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a record",
                "verbose_name_plural": "changes of records",
                "constraints": [
                    models.UniqueConstraint(fields=("by", "key"), name="record_change_once_for_each_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pupil__isnull", False), ("contact__isnull", False), _connector="OR"
                        ),
                        name="record_change_is_about_somebody",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pupil",
            trigger=pgtrigger.compiler.Trigger(
                name="pupil_upn_is_right",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (NEW.\"upn\" = ''))",
                    declare="DECLARE total int;",
                    func="\nIF NEW.upn !~ '^[A-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$' THEN\n    RAISE EXCEPTION 'pupil_upn_is_right' USING ERRCODE = 'check_violation';\nEND IF;\nSELECT sum(n * CASE WHEN substr(NEW.upn, n, 1) ~ '[0-9]' THEN substr(NEW.upn, n, 1)::int\n                    ELSE strpos('ABCDEFGHJKLMNPQRTUVWXYZ', substr(NEW.upn, n, 1)) - 1 END)\nINTO total FROM generate_series(2, 13) n;\nIF left(NEW.upn, 1) <> substr('ABCDEFGHJKLMNPQRTUVWXYZ', total % 23 + 1, 1) THEN\n    RAISE EXCEPTION 'pupil_upn_is_right' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="827e52985fae19782e1b170dbdcc5d5e30b29878",
                    operation='INSERT OR UPDATE OF "upn"',
                    pgid="pgtrigger_pupil_upn_is_right_d22fa",
                    table="classes_pupil",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pupil",
            trigger=pgtrigger.compiler.Trigger(
                name="pupil_is_a_child",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF extract(year FROM age((school_now() AT TIME ZONE 'Europe/London')::date, NEW.date_of_birth)) NOT BETWEEN 1 AND 19\nTHEN\n    RAISE EXCEPTION 'pupil_is_a_child' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="e5fa77c977e7d1e1dfadb4547a160bfb0d2d2faa",
                    operation='INSERT OR UPDATE OF "date_of_birth"',
                    pgid="pgtrigger_pupil_is_a_child_d8a2a",
                    table="classes_pupil",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="pupil",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("year", ""), ("year__in", ("N", "R", "1", "2", "3", "4", "5", "6")), _connector="OR"
                ),
                name="pupil_year_is_one_of_ours",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recordchange",
            trigger=pgtrigger.compiler.Trigger(
                name="record_change_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b923a09db843191d42c8836ef295d610ff7d1b0b",
                    operation="UPDATE",
                    pgid="pgtrigger_record_change_stays_898cf",
                    table="classes_recordchange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="NotSame",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="classes.contact"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="classes.contact"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
            ],
            options={
                "verbose_name": "two people of like names",
                "verbose_name_plural": "two people of like names",
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="not_same_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="not_same_in_order"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("forename", ""), ("surname", ""), _negated=True),
                name="contact_has_a_name",
                violation_error_message="Please write a forename or a surname.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into__isnull", True), ("user__isnull", True), _connector="OR"),
                name="contact_merged_has_no_account",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contact",
            trigger=pgtrigger.compiler.Trigger(
                name="contact_merged_is_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."merged_into_id" IS NOT NULL)',
                    func="\nIF NEW.merged_into_id = NEW.id\n   OR EXISTS (SELECT 1 FROM classes_contact c WHERE c.id = NEW.merged_into_id AND c.merged_into_id IS NOT NULL)\n   OR EXISTS (SELECT 1 FROM classes_contact c WHERE c.merged_into_id = NEW.id)\n   OR EXISTS (SELECT 1 FROM classes_guardianship g WHERE g.contact_id = NEW.id AND g.ended_at IS NULL) THEN\n    RAISE EXCEPTION 'contact_merged_is_whole' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="97c6a8e01a4f65e0078091b42617252127a512b3",
                    operation='INSERT OR UPDATE OF "merged_into_id"',
                    pgid="pgtrigger_contact_merged_is_whole_c7620",
                    table="classes_contact",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardianship",
            trigger=pgtrigger.compiler.Trigger(
                name="guardianship_is_of_a_whole_record",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."ended_at" IS NULL)',
                    func="\nPERFORM 1 FROM classes_contact c WHERE c.id = NEW.contact_id FOR KEY SHARE;\nIF EXISTS (SELECT 1 FROM classes_contact c WHERE c.id = NEW.contact_id AND c.merged_into_id IS NOT NULL) THEN\n    RAISE EXCEPTION 'guardianship_is_of_a_whole_record' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="00fc7ca3cadbbbb3b3e9b25ac0b38bc654e57438",
                    operation='INSERT OR UPDATE OF "contact_id", "ended_at"',
                    pgid="pgtrigger_guardianship_is_of_a_whole_record_b3094",
                    table="classes_guardianship",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="FormerAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_accounts",
                        to="classes.contact",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "former account of an adult",
                "verbose_name_plural": "former accounts of adults",
                "constraints": [
                    models.UniqueConstraint(fields=("contact", "user"), name="former_account_once")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contact",
            trigger=pgtrigger.compiler.Trigger(
                name="contact_keeps_former_account",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."user_id" IS NOT NULL AND OLD."user_id" IS DISTINCT FROM (NEW."user_id"))',
                    func="\nINSERT INTO classes_formeraccount (contact_id, user_id) VALUES (OLD.id, OLD.user_id) ON CONFLICT DO NOTHING;\nRETURN NULL;\n",
                    hash="0e5431982729635e70b2c6a44c9954eecb4bb9dc",
                    operation='UPDATE OF "user_id"',
                    pgid="pgtrigger_contact_keeps_former_account_a6406",
                    table="classes_contact",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(HAS_ACCESS, "DROP FUNCTION IF EXISTS has_access(bigint, bigint, boolean)"),
        migrations.CreateModel(
            name="ApprovalRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                ("asked_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("decided_at", models.DateTimeField(null=True)),
                ("is_approved", models.BooleanField(null=True)),
                ("answer", models.TextField(blank=True, db_default="", default="")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
                (
                    "guardianship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approval_requests",
                        to="classes.guardianship",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for an approval",
                "verbose_name_plural": "requests for an approval",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("guardianship",),
                        name="approval_request_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "^\\s*$"), _negated=True),
                        name="approval_request_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("is_approved__isnull", True),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("is_approved__isnull", False),
                                models.Q(("answer__regex", "^\\s*$"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="approval_request_answer_is_whole",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approvalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="approval_request_answer_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."decided_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="daeeb39f84c4938224db0f7a57e8f5ea0d1fb5c7",
                    operation="UPDATE",
                    pgid="pgtrigger_approval_request_answer_stays_81fc0",
                    table="classes_approvalrequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approvalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="approval_request_is_answered_by_a_leader",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."decided_by_id" IS NOT NULL)',
                    func="\n                IF NOT EXISTS (SELECT 1 FROM accounts_staffmember s WHERE s.id = NEW.decided_by_id AND s.is_slt) THEN\n                    RAISE EXCEPTION 'approval_request_is_answered_by_a_leader' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="23f41e555da54772fe06cf89886509ed5dd38e12",
                    operation='INSERT OR UPDATE OF "decided_by_id"',
                    pgid="pgtrigger_approval_request_is_answered_by_a_leader_8b0a1",
                    table="classes_approvalrequest",
                    when="BEFORE",
                ),
            ),
        ),
    ]
