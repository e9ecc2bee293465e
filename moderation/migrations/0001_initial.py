import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import malpas.lib.db.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("messaging", "0001_initial"),
        ("stories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("rude", "Rude or hurtful"),
                            ("bullying", "Bullying, threats or harassment"),
                            ("privacy", "Somebody's privacy"),
                            ("spam", "Advertising or spam"),
                            ("risk", "A child may be at risk"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="in their words")),
                ("snapshot", models.JSONField(editable=False)),
                (
                    "made_at",
                    models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="reported"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="decided"),
                ),
                (
                    "author",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "author_staff",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="signed by",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="messaging.message",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="stories.post",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reported by",
                    ),
                ),
                (
                    "reporter_staff",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="member of staff",
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["closed_at", "-made_at"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                            ("hide", "hidden"),
                            ("warning", "warning"),
                            ("removal", "removal"),
                            ("lift", "removal lifted"),
                            ("conduct", "dealt with under the code of conduct"),
                            ("nothing", "nothing to do"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("clause", models.CharField(blank=True, max_length=8, verbose_name="clause")),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="words")),
                ("serious_breach", models.BooleanField(default=False, verbose_name="a serious breach")),
                (
                    "made_at",
                    models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="decided"),
                ),
                ("key", models.UUIDField(editable=False, unique=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="decided by",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="about",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="moderation.report",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("message__isnull", False), ("post__isnull", True)),
                    models.Q(("message__isnull", True), ("post__isnull", False)),
                    _connector="OR",
                ),
                name="report_is_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("message__isnull", False), models.Q(("category", "risk"), _negated=True)),
                fields=("reporter", "reporter_staff", "message"),
                name="report_message_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("message__isnull", False), ("category", "risk")),
                fields=("reporter", "reporter_staff", "message"),
                name="report_message_risk_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("post__isnull", False), models.Q(("category", "risk"), _negated=True)),
                fields=("reporter", "reporter_staff", "post"),
                name="report_post_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("post__isnull", False), ("category", "risk")),
                fields=("reporter", "reporter_staff", "post"),
                name="report_post_risk_once",
                nulls_distinct=False,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="report_is_not_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."author_id" IS DISTINCT FROM (NEW."author_id") OR OLD."author_staff_id" IS DISTINCT FROM (NEW."author_staff_id") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."message_id" IS DISTINCT FROM (NEW."message_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."post_id" IS DISTINCT FROM (NEW."post_id") OR OLD."reporter_id" IS DISTINCT FROM (NEW."reporter_id") OR OLD."reporter_staff_id" IS DISTINCT FROM (NEW."reporter_staff_id") OR OLD."snapshot" IS DISTINCT FROM (NEW."snapshot"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9ea60df679b5e6200fd6816e0297487ea1141c34",
                    operation="UPDATE",
                    pgid="pgtrigger_report_is_not_changed_799f8",
                    table="moderation_report",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="report_is_not_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="7c21cfd648ca8be6e04c423376da70f25e54d1fb",
                    operation="DELETE",
                    pgid="pgtrigger_report_is_not_deleted_3ca2c",
                    table="moderation_report",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "warning"), _negated=True),
                    models.Q(("clause", ""), _negated=True),
                    _connector="OR",
                ),
                name="decision_warning_names_a_clause",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("serious_breach", False), ("reason__regex", "\\S"), _connector="OR"),
                name="decision_serious_has_a_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="decision_is_not_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c4ed5530289ac44dac2e55f22267e6b0e1d6c27c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_decision_is_not_changed_2d9c3",
                    table="moderation_decision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="decision_removal_follows_a_warning",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."kind" = \'removal\' AND NOT NEW."serious_breach")',
                    func="\n                IF NOT EXISTS (SELECT 1 FROM moderation_decision d\n                               WHERE d.subject_id = NEW.subject_id AND d.kind = 'warning') THEN\n                    RAISE EXCEPTION 'decision_removal_follows_a_warning' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="9d0281b5a623233656a53a678c52b4644355003d",
                    operation="INSERT",
                    pgid="pgtrigger_decision_removal_follows_a_warning_23eb1",
                    table="moderation_decision",
                    when="BEFORE",
                ),
            ),
        ),
    ]
