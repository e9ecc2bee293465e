import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import malpas.lib.db.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("classes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_class", models.BooleanField()),
                ("body", models.TextField()),
                ("key", models.UUIDField()),
                ("sent_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("release_at", models.DateTimeField()),
                ("announced_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("writer", "withdrawn by its writer"),
                            ("writer_removed", "its writer lost access"),
                            ("reader_removed", "its reader lost access"),
                        ],
                        max_length=16,
                    ),
                ),
                ("rerouted_at", models.DateTimeField(blank=True, null=True)),
                ("hidden_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=12, unique=True)),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("absence", "Absence or sickness"),
                            ("dinners", "School dinners"),
                            ("clubs", "After-school clubs"),
                            ("lost", "Something lost"),
                            ("complaint", "A complaint"),
                            ("urgent", "Urgent today"),
                            ("other", "Anything else for the office"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "facts",
                    models.JSONField(
                        blank=True, db_default=models.Value({}, models.JSONField()), default=dict
                    ),
                ),
                ("body", models.TextField(blank=True)),
                ("phone", models.CharField(blank=True, max_length=30)),
                ("key", models.UUIDField()),
                ("sent_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                (
                    "alert",
                    models.TextField(
                        blank=True,
                        choices=[("urgent", "Urgent"), ("allergy", "Allergy")],
                        db_default="",
                        default="",
                        max_length=7,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "New"), ("taken", "Being looked at"), ("closed", "Done")],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("state_release_at", models.DateTimeField(blank=True, null=True)),
                ("family_state", models.TextField(blank=True, db_default="", default="", max_length=8)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("turn", models.BigIntegerField(db_default=0, default=0, editable=False)),
                ("is_sealed", models.BooleanField(db_default=False, default=False, editable=False)),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enquiries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("pupils", models.ManyToManyField(blank=True, related_name="enquiries", to="classes.pupil")),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
            ],
            options={
                "ordering": ["sent_at", "turn"],
            },
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conversations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conversations",
                        to="classes.pupil",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StandardReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title_en", models.TextField(max_length=60, verbose_name="title in English")),
                ("title_cy", models.TextField(max_length=60, verbose_name="title in Welsh")),
                ("body_en", models.TextField(max_length=1000, verbose_name="words in English")),
                ("body_cy", models.TextField(max_length=1000, verbose_name="words in Welsh")),
                ("order", models.BigIntegerField(default=100, verbose_name="order")),
                (
                    "for_office",
                    models.BooleanField(db_default=False, default=False, verbose_name="for the office"),
                ),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired"),
                ),
            ],
            options={
                "verbose_name": "standard reply",
                "verbose_name_plural": "standard replies",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("title_en"),
                        condition=models.Q(("for_office", True), ("retired_at__isnull", True)),
                        name="office_reply_title_once",
                        violation_error_message="There is a reply with this title already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TopicText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "topic",
                    models.TextField(
                        choices=[
                            ("absence", "Absence or sickness"),
                            ("dinners", "School dinners"),
                            ("clubs", "After-school clubs"),
                            ("lost", "Something lost"),
                            ("complaint", "A complaint"),
                            ("urgent", "Urgent today"),
                            ("other", "Anything else for the office"),
                        ],
                        unique=True,
                        verbose_name="topic",
                    ),
                ),
                ("label_en", models.TextField(blank=True, max_length=60, verbose_name="name in English")),
                ("label_cy", models.TextField(blank=True, max_length=60, verbose_name="name in Welsh")),
                ("hint_en", models.TextField(blank=True, max_length=200, verbose_name="hint in English")),
                ("hint_cy", models.TextField(blank=True, max_length=200, verbose_name="hint in Welsh")),
                (
                    "next_en",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="what happens next, in English"
                    ),
                ),
                (
                    "next_cy",
                    models.TextField(blank=True, max_length=1000, verbose_name="what happens next, in Welsh"),
                ),
                (
                    "is_closed",
                    models.BooleanField(db_default=False, default=False, verbose_name="not offered"),
                ),
            ],
            options={
                "verbose_name": "words of a topic",
                "verbose_name_plural": "words of topics",
                "ordering": ["topic"],
            },
        ),
        migrations.CreateModel(
            name="AbsenceCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField(max_length=4, unique=True, verbose_name="code")),
                ("name_en", models.TextField(max_length=80, verbose_name="name in English")),
                ("name_cy", models.TextField(max_length=80, verbose_name="name in Welsh")),
                (
                    "for_reason",
                    models.TextField(
                        blank=True,
                        choices=[("ill", "Ill"), ("other", "Something else")],
                        verbose_name="suggested for",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence code",
                "verbose_name_plural": "absence codes",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("for_reason", ""), _negated=True),
                        fields=("for_reason",),
                        name="absence_code_for_a_reason_is_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BroadcastMessage",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="in_broadcast",
                        serialize=False,
                        to="messaging.message",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="proposal",
                        serialize=False,
                        to="messaging.message",
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("request", "Asked for a meeting"),
                            ("offer", "Let us meet"),
                            ("telephone", "We will telephone"),
                            ("choice", "A time is agreed"),
                            ("none_suit", "None of these times suits"),
                            ("completed", "We have talked"),
                            ("cancelled", "Cancelled"),
                        ]
                    ),
                ),
                (
                    "times",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), default=list, size=5
                    ),
                ),
                (
                    "how",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("in_person", "In person"),
                            ("telephone", "By telephone"),
                            ("either", "Either"),
                        ],
                    ),
                ),
                ("spoken", models.TextField(blank=True, choices=[("en", "English"), ("cy", "Cymraeg")])),
                ("chosen", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.BigIntegerField(blank=True, null=True)),
                ("kind", models.TextField(choices=[("photo", "Photo"), ("pdf", "PDF")])),
                ("name", models.TextField(max_length=32)),
                ("title", models.TextField(max_length=100, verbose_name="name of the file")),
                (
                    "alt",
                    models.TextField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=200,
                        verbose_name="what the photo shows",
                    ),
                ),
                ("width", models.BigIntegerField(default=0)),
                ("height", models.BigIntegerField(default=0)),
                ("size", models.BigIntegerField()),
                ("uploaded_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
                ("harmful_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="messaging.message",
                    ),
                ),
            ],
            options={
                "ordering": ["message", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "enquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="complaint",
                        serialize=False,
                        to="messaging.enquiry",
                    ),
                ),
                (
                    "about",
                    models.TextField(
                        choices=[
                            ("school", "Something at school"),
                            ("staff", "A member of staff"),
                            ("head", "The head teacher"),
                            ("data", "How information about us was used"),
                        ]
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                (
                    "enquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="origin",
                        serialize=False,
                        to="messaging.enquiry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField()),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("whole", "The whole day"),
                            ("morning", "The morning"),
                            ("afternoon", "The afternoon"),
                        ],
                        default="whole",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(choices=[("ill", "Ill"), ("other", "Something else")], max_length=6),
                ),
                (
                    "symptom",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("tummy", "Tummy"),
                            ("rash", "Rash"),
                            ("fever", "Temperature or cold"),
                            ("injury", "Injury"),
                            ("worried", "Worried or anxious"),
                            ("unsaid", "Rather not say"),
                        ],
                        max_length=8,
                    ),
                ),
                ("back_on", models.DateField(blank=True, null=True)),
                ("code", models.TextField(blank=True, db_default="", default="", max_length=4)),
                ("on_sheet", models.BooleanField(db_default=False, default=False)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "enquiry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absence",
                        to="messaging.enquiry",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="message",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="messaging.conversation",
            ),
        ),
        migrations.CreateModel(
            name="EnquiryPhoto",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField(max_length=40, unique=True)),
                ("width", models.BigIntegerField()),
                ("height", models.BigIntegerField()),
                ("key", models.UUIDField()),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="messaging.enquiry",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
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
                            ("answer", "Answer to the family"),
                            ("family", "From the family"),
                            ("note", "Note for staff only"),
                            ("call", "Told by telephone"),
                            ("letter", "A letter to print"),
                        ]
                    ),
                ),
                ("body", models.TextField(max_length=5000)),
                ("key", models.UUIDField()),
                ("at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("release_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("took", models.BooleanField(db_default=False, default=False)),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="messaging.enquiry",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
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
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="KeywordRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("absence", "Absence or sickness"),
                            ("dinners", "School dinners"),
                            ("clubs", "After-school clubs"),
                            ("lost", "Something lost"),
                            ("complaint", "A complaint"),
                            ("urgent", "Urgent today"),
                            ("other", "Anything else for the office"),
                        ],
                        verbose_name="topic",
                    ),
                ),
                (
                    "language",
                    models.TextField(choices=[("en", "English"), ("cy", "Cymraeg")], verbose_name="language"),
                ),
                ("pattern", models.TextField(max_length=80, verbose_name="words")),
                (
                    "weight",
                    models.TextField(
                        choices=[
                            ("sure", "is enough alone"),
                            ("maybe", "needs a second word"),
                            ("helps", "only strengthens another word"),
                            ("against", "speaks against it"),
                            ("off", "is not looked for"),
                        ],
                        verbose_name="weight",
                    ),
                ),
            ],
            options={
                "verbose_name": "word about a topic",
                "verbose_name_plural": "words about topics",
                "ordering": ["about", "language", "pattern"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("about"),
                        models.F("language"),
                        django.db.models.functions.text.Lower("pattern"),
                        name="keyword_rule_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pattern__regex", "\\w")), name="keyword_rule_has_pattern"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OversightAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(max_length=300, verbose_name="reason")),
                ("at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="member of staff",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="oversight_accesses",
                        to="messaging.conversation",
                    ),
                ),
            ],
            options={
                "verbose_name": "look into a conversation",
                "verbose_name_plural": "looks into conversations",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Phrase",
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
                            ("progress", "asks how a child is getting on (PA-8)"),
                            ("unkind", "would not be said face to face (AU-1)"),
                        ],
                        verbose_name="what it means",
                    ),
                ),
                (
                    "language",
                    models.TextField(choices=[("en", "English"), ("cy", "Cymraeg")], verbose_name="language"),
                ),
                ("text", models.TextField(max_length=80, verbose_name="words")),
            ],
            options={
                "verbose_name": "words to ask about",
                "verbose_name_plural": "words to ask about",
                "ordering": ["kind", "language", "text"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("kind"),
                        models.F("language"),
                        django.db.models.functions.text.Lower("text"),
                        name="phrase_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text__regex", "\\w")), name="phrase_has_text"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("began_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("due_on", models.DateField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("release_at", models.DateTimeField(blank=True, null=True)),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="messaging.enquiry",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(max_length=300, verbose_name="reason")),
                (
                    "at",
                    models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow(), verbose_name="stopped"),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="let go on")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="stopped by",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                        verbose_name="let go on by",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "verbose_name": "stop of all messages",
                "verbose_name_plural": "stops of all messages",
            },
        ),
        migrations.CreateModel(
            name="Broadcast",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                ("sent_at", models.DateTimeField(db_default=malpas.lib.db.clock.SchoolNow())),
                ("skipped", models.JSONField(blank=True, default=list)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.staffmember",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["author", "-sent_at"], name="broadcast_of_class")],
                "constraints": [models.UniqueConstraint(fields=("author", "key"), name="broadcast_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="broadcast",
            trigger=pgtrigger.compiler.Trigger(
                name="broadcast_is_of_a_class",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.author_id AND u.kind = 'class') THEN\n                    RAISE EXCEPTION 'broadcast_is_of_a_class' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="5d5c70fe192028bfc02741a4e4daf679ecd28ca0",
                    operation='INSERT OR UPDATE OF "author_id"',
                    pgid="pgtrigger_broadcast_is_of_a_class_fe862",
                    table="messaging_broadcast",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="broadcastmessage",
            name="broadcast",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="messaging.broadcast"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="answers",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answered_by",
                to="messaging.proposal",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["name"], name="attachment_name"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["owner", "-uploaded_at"], name="attachment_of_owner"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("cleared_at__isnull", True), ("harmful_at__isnull", True)),
                fields=["uploaded_at"],
                name="attachment_to_scan",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                fields=("message", "position"), name="attachment_position_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("message__isnull", True)), fields=("name",), name="attachment_unsent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("message__isnull", True), ("position__isnull", True)),
                    models.Q(("message__isnull", False), ("position__gte", 1), ("position__lte", 5)),
                    _connector="OR",
                ),
                name="attachment_five_positions",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "^[0-9a-f]{32}$")), name="attachment_name_is_ours"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("title__regex", "\\S")), name="attachment_has_a_title"
            ),
        ),
        migrations.AddConstraint(
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
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cleared_at__isnull", True), ("harmful_at__isnull", True), _connector="OR"
                ),
                name="attachment_is_not_both",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="absence",
            trigger=pgtrigger.compiler.Trigger(
                name="absence_stays_cancelled",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."cancelled_at" IS NOT NULL)',
                    func="\n                IF (NEW.first_day, NEW.part, NEW.reason, NEW.symptom, NEW.back_on, NEW.cancelled_at)\n                IS DISTINCT FROM (OLD.first_day, OLD.part, OLD.reason, OLD.symptom, OLD.back_on, OLD.cancelled_at) THEN\n                    RAISE EXCEPTION 'absence_stays_cancelled' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="64a0da6cde09b1f9a92e6c0a589ca24b38dadfc5",
                    operation="UPDATE",
                    pgid="pgtrigger_absence_stays_cancelled_4980c",
                    table="messaging_absence",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="attachment_is_its_writers",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.owner_id AND u.kind = 'pupil')\n                OR (NEW.message_id IS NOT NULL AND NOT EXISTS (\n                    SELECT 1 FROM messaging_message m\n                    WHERE m.id = NEW.message_id AND m.author_id = NEW.owner_id AND m.announced_at IS NULL\n                )) THEN\n                    RAISE EXCEPTION 'attachment_is_its_writers' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="aa8fb13f6896e7268783d3a9237acb2d506fb01c",
                    operation='INSERT OR UPDATE OF "message_id", "owner_id"',
                    pgid="pgtrigger_attachment_is_its_writers_cd8ab",
                    table="messaging_attachment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="attachment_stays_with_what_arrived",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."message_id" IS NOT NULL)',
                    func="RAISE EXCEPTION 'attachment_stays_with_what_arrived' USING ERRCODE = 'check_violation';",
                    hash="a04ed10f94047957668dc081bc0abbf165aeb319",
                    operation='UPDATE OF "message_id", "name", "kind", "title", "alt"',
                    pgid="pgtrigger_attachment_stays_with_what_arrived_faf31",
                    table="messaging_attachment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="complaint",
            trigger=pgtrigger.compiler.Trigger(
                name="complaint_is_of_its_topic",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NOT EXISTS (\n                    SELECT 1 FROM messaging_enquiry e\n                    WHERE e.id = NEW.enquiry_id AND e.topic = 'complaint' AND e.is_sealed = (NEW.about = 'head')\n                ) THEN\n                    RAISE EXCEPTION 'complaint_is_of_its_topic' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="c19441827aefc877f4c782e8b280aa3f80b0b34f",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_complaint_is_of_its_topic_baa3d",
                    table="messaging_complaint",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="origin",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enquiries",
                to="classes.contact",
            ),
        ),
        migrations.AddField(
            model_name="origin",
            name="message",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="became_enquiry",
                to="messaging.message",
            ),
        ),
        migrations.AddField(
            model_name="origin",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.staffmember"
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(fields=["state", "sent_at"], name="enquiry_queue"),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.UniqueConstraint(fields=("parent", "key"), name="enquiry_once"),
        ),
        migrations.AddConstraint(
            model_name="enquiry",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_sealed", False), ("topic", "complaint"), _connector="OR"),
                name="enquiry_sealed_is_a_complaint",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enquiry",
            trigger=pgtrigger.compiler.Trigger(
                name="enquiry_parent_is_a_person",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.parent_id AND u.kind = 'person') THEN\n                    RAISE EXCEPTION 'enquiry_parent_is_a_person' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="64bdd91da653f00e394119230eac6810dfdd00ad",
                    operation='INSERT OR UPDATE OF "parent_id"',
                    pgid="pgtrigger_enquiry_parent_is_a_person_c4fa0",
                    table="messaging_enquiry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enquiry",
            trigger=pgtrigger.compiler.Trigger(
                name="enquiry_state_has_its_hour",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.state = OLD.state THEN\n        NEW.state_release_at := OLD.state_release_at;\n        NEW.family_state := OLD.family_state;\n        RETURN NEW;\n    END IF;\n    IF NEW.state_release_at IS NULL OR (\n        NEW.state_release_at = OLD.state_release_at AND NEW.state_release_at < school_now() - interval '1 minute'\n    ) THEN\n        RAISE EXCEPTION 'enquiry_state_has_its_hour' USING ERRCODE = 'check_violation';\n    END IF;\n    IF OLD.state_release_at > school_instant() THEN\n        NEW.family_state := OLD.family_state;\n    ELSE\n        NEW.family_state := OLD.state;\n    END IF;\n    RETURN NEW;\n    ",
                    hash="199b060aabf84dd0656c047409af2d2e8f1c6673",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_enquiry_state_has_its_hour_a9856",
                    table="messaging_enquiry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enquiry",
            trigger=pgtrigger.compiler.Trigger(
                name="enquiry_alert_is_marked",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.topic = 'urgent' THEN\n        NEW.alert := 'urgent';\n    ELSIF NEW.topic = 'dinners' AND NEW.facts->>'about' = 'diet' THEN\n        NEW.alert := 'allergy';\n    END IF;\n    RETURN NEW;\n    ",
                    hash="89951eaa4068c5dccc240aaf3b4768a40ad0ebfa",
                    operation='INSERT OR UPDATE OF "topic", "facts", "alert"',
                    pgid="pgtrigger_enquiry_alert_is_marked_132ef",
                    table="messaging_enquiry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enquiry",
            trigger=pgtrigger.compiler.Trigger(
                name="enquiry_seal_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."is_sealed" IS DISTINCT FROM (NEW."is_sealed"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="69352ca85b4a67dda74dfaf98042c253d6328d00",
                    operation="UPDATE",
                    pgid="pgtrigger_enquiry_seal_stays_c06f3",
                    table="messaging_enquiry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enquiry",
            trigger=pgtrigger.compiler.Trigger(
                name="enquiry_id_is_random",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.turn := NEW.id; NEW.id := 1 + floor(random() * 9007199254740990)::bigint; RETURN NEW;",
                    hash="9b2e339ae647cdd5c2a8e3e7ca823bdd72f2cfa0",
                    operation="INSERT",
                    pgid="pgtrigger_enquiry_id_is_random_d19ce",
                    table="messaging_enquiry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="absence",
            index=models.Index(fields=["first_day"], name="absence_first_day"),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("back_on__isnull", True), ("back_on__gt", models.F("first_day")), _connector="OR"
                ),
                name="absence_back_after_first_day",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["conversation", "-release_at", "-id"], name="message_of_conversation"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("announced_at__isnull", True), ("withdrawn_at__isnull", True)),
                fields=["release_at", "id"],
                name="message_to_announce",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("withdrawn_because", "writer_removed")),
                fields=["author", "withdrawn_at"],
                name="message_withheld",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=("author", "key"), name="message_once"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("release_at__gte", models.F("sent_at"))),
                name="message_arrives_after_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("body__regex", "\\S"),
                    django.db.models.lookups.LessThanOrEqual(
                        django.db.models.functions.text.Length("body"), 5000
                    ),
                ),
                name="message_has_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("from_class", True), ("staff__isnull", False)),
                    models.Q(("from_class", False), ("staff__isnull", True)),
                    _connector="OR",
                ),
                name="message_of_class_is_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), ("announced_at__isnull", True), _connector="OR"
                ),
                name="message_withdrawn_was_never_announced",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="message_author_is_no_pupil",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.author_id AND u.kind = 'pupil') THEN\n                    RAISE EXCEPTION 'message_author_is_no_pupil' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="5e9cbe8d3589d631695137291c55d5ea1b7612e5",
                    operation='INSERT OR UPDATE OF "author_id"',
                    pgid="pgtrigger_message_author_is_no_pupil_f828c",
                    table="messaging_message",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="message_is_not_written_while_suspended",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT 1 FROM accounts_school s WHERE s.messaging_suspended_at IS NOT NULL) THEN\n                    RAISE EXCEPTION 'message_is_not_written_while_suspended' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="3838a3000a68b3654e9565061de65b5e9b48ce9a",
                    operation='INSERT OR UPDATE OF "body"',
                    pgid="pgtrigger_message_is_not_written_while_suspended_84c2a",
                    table="messaging_message",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="message_stays_once_it_arrived",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."withdrawn_at" IS NULL)',
                    func="\n                IF OLD.release_at <= school_instant() AND (\n                    NEW.body <> OLD.body OR NEW.release_at > OLD.release_at\n                    OR (NEW.withdrawn_at IS NOT NULL AND NEW.withdrawn_because = 'writer')\n                ) THEN\n                    RAISE EXCEPTION 'message_stays_once_it_arrived' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="2e35888a40b2cc466735cedb2067beadd4ead253",
                    operation='UPDATE OF "body", "release_at", "withdrawn_at"',
                    pgid="pgtrigger_message_stays_once_it_arrived_c6e2d",
                    table="messaging_message",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="message_withdrawn_answers_nothing",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."withdrawn_at" IS NOT NULL)',
                    func="UPDATE messaging_proposal SET answers_id = NULL WHERE message_id = NEW.id; RETURN NULL;",
                    hash="f713ad4b7c5929f4d4c06d521b15f100b5e0b003",
                    operation='UPDATE OF "withdrawn_at"',
                    pgid="pgtrigger_message_withdrawn_answers_nothing_3cb5e",
                    table="messaging_message",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                fields=("pupil", "parent"), name="conversation_one_per_parent_and_child"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conversation",
            trigger=pgtrigger.compiler.Trigger(
                name="conversation_id_is_random",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.id := 1 + floor(random() * 9007199254740990)::bigint; RETURN NEW;",
                    hash="2069123818fedb15f9316b776ff962c66766cc52",
                    operation="INSERT",
                    pgid="pgtrigger_conversation_id_is_random_a747f",
                    table="messaging_conversation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="enquiryphoto",
            constraint=models.UniqueConstraint(fields=("enquiry", "key"), name="enquiry_photo_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("user", "key"), name="entry_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "family"), ("staff__isnull", True)),
                    models.Q(models.Q(("kind", "family"), _negated=True), ("staff__isnull", False)),
                    _connector="OR",
                ),
                name="entry_names_its_staff",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="entry_stays_once_it_arrived",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF OLD.kind <> 'answer' OR OLD.withdrawn_at IS NOT NULL OR OLD.release_at <= school_instant()\n    OR (NEW.enquiry_id, NEW.kind, NEW.staff_id, NEW.user_id, NEW.key, NEW.at)\n       IS DISTINCT FROM (OLD.enquiry_id, OLD.kind, OLD.staff_id, OLD.user_id, OLD.key, OLD.at) THEN\n        RAISE EXCEPTION 'entry_stays_once_it_arrived' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n    ",
                    hash="a901d2d08e68c629ee48c9aa6db0405875b788f4",
                    operation='UPDATE OF "enquiry_id", "kind", "body", "staff_id", "user_id", "key", "at", "release_at", "withdrawn_at"',
                    pgid="pgtrigger_entry_stays_once_it_arrived_006cd",
                    table="messaging_entry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="entry_answer_has_a_reader",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"kind\" = 'answer')",
                    func="\n    IF EXISTS (\n        SELECT 1 FROM messaging_enquiry e\n        JOIN accounts_user u ON u.id = e.parent_id\n        LEFT JOIN messaging_origin o ON o.enquiry_id = e.id\n        LEFT JOIN classes_contact c ON c.id = o.contact_id\n        WHERE e.id = NEW.enquiry_id AND (\n            u.removed_at IS NOT NULL OR NOT u.is_active\n            OR (o.contact_id IS NOT NULL AND c.user_id IS DISTINCT FROM e.parent_id)\n        )\n    ) THEN\n        RAISE EXCEPTION 'entry_answer_has_a_reader' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n    ",
                    hash="b71b837e026eb90eb05f177564ab5b8bcfde5b62",
                    operation="INSERT",
                    pgid="pgtrigger_entry_answer_has_a_reader_c09a5",
                    table="messaging_entry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="entry_is_its_familys_or_staffs",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.user_id AND u.kind = 'person')\n                OR (NEW.kind = 'family' AND NOT EXISTS (\n                    SELECT 1 FROM messaging_enquiry e WHERE e.id = NEW.enquiry_id AND e.parent_id = NEW.user_id\n                )) THEN\n                    RAISE EXCEPTION 'entry_is_its_familys_or_staffs' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="5cac09d1106da0daed9191867bfbfcf9e5803467",
                    operation="INSERT",
                    pgid="pgtrigger_entry_is_its_familys_or_staffs_329e9",
                    table="messaging_entry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="oversightaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\w")), name="oversight_access_has_a_reason"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="oversightaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="oversight_access_is_never_rewritten",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="508d0d0d1e5b9e683028bbeda0a669e4895d340e",
                    operation="UPDATE",
                    pgid="pgtrigger_oversight_access_is_never_rewritten_3051a",
                    table="messaging_oversightaccess",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="oversightaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="oversight_access_is_a_leaders",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NOT EXISTS (SELECT 1 FROM accounts_staffmember s WHERE s.id = NEW.by_id AND s.is_slt) THEN\n                    RAISE EXCEPTION 'oversight_access_is_a_leaders' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="3a7f2b69707860108810a833bdcf2432f70484ad",
                    operation="INSERT",
                    pgid="pgtrigger_oversight_access_is_a_leaders_ef89c",
                    table="messaging_oversightaccess",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(fields=("enquiry", "number"), name="stage_once"),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("enquiry",), name="stage_open_is_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("number__lte", 3)), name="stage_of_three"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\w")), name="suspension_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                    models.Q(("lifted_at__gte", models.F("at")), ("lifted_by__isnull", False)),
                    _connector="OR",
                ),
                name="suspension_is_lifted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("lifted_at",),
                name="suspension_is_one",
                nulls_distinct=False,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="broadcastmessage",
            trigger=pgtrigger.compiler.Trigger(
                name="broadcast_holds_its_writers_own",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NOT EXISTS (\n                    SELECT 1 FROM messaging_message m JOIN messaging_broadcast c ON c.author_id = m.author_id\n                    WHERE m.id = NEW.message_id AND c.id = NEW.broadcast_id AND m.from_class\n                ) THEN\n                    RAISE EXCEPTION 'broadcast_holds_its_writers_own' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="23a88f96a1d8dbc316017551154ca23f166f96d4",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_broadcast_holds_its_writers_own_99067",
                    table="messaging_broadcastmessage",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ("request", "offer")), ("times__len__gte", 1), ("times__len__lte", 5)
                    ),
                    models.Q(models.Q(("kind__in", ("request", "offer")), _negated=True), ("times__len", 0)),
                    _connector="OR",
                ),
                name="proposal_has_times_to_choose_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("chosen__isnull", False), ("kind", "choice")),
                    ("kind", "telephone"),
                    models.Q(
                        models.Q(("kind__in", ("choice", "telephone")), _negated=True),
                        ("chosen__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="proposal_choice_names_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "choice"), _negated=True),
                    ("how__in", ["in_person", "telephone"]),
                    _connector="OR",
                ),
                name="proposal_choice_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ("choice", "none_suit"))),
                fields=("answers",),
                name="proposal_is_answered_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_ends_what_was_agreed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NEW.kind NOT IN ('choice', 'none_suit') AND NEW.answers_id IS NOT NULL AND (\n                    NEW.kind NOT IN ('cancelled', 'request', 'offer') OR NOT EXISTS (\n                        SELECT 1 FROM messaging_proposal agreed\n                        JOIN messaging_message theirs ON theirs.id = agreed.message_id\n                        JOIN messaging_message own ON own.id = NEW.message_id\n                        WHERE agreed.message_id = NEW.answers_id AND agreed.kind IN ('choice', 'telephone')\n                          AND own.conversation_id = theirs.conversation_id\n                    )\n                ) THEN\n                    RAISE EXCEPTION 'proposal_ends_what_was_agreed' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="2a039b91f562fb5bf475c1817681cc14182a0221",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_proposal_ends_what_was_agreed_165d1",
                    table="messaging_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="proposal",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_answers_the_other_side",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NEW.kind IN ('choice', 'none_suit') AND NEW.answers_id IS NOT NULL AND NOT EXISTS (\n                    SELECT 1 FROM messaging_proposal offer\n                    JOIN messaging_message theirs ON theirs.id = offer.message_id\n                    JOIN messaging_message own ON own.id = NEW.message_id\n                    WHERE offer.message_id = NEW.answers_id\n                      AND own.conversation_id = theirs.conversation_id\n                      AND own.from_class <> theirs.from_class\n                      AND (NEW.chosen IS NULL OR NEW.chosen = ANY (offer.times))\n                ) THEN\n                    RAISE EXCEPTION 'proposal_answers_the_other_side' USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="8ceed00bce80eb0837847c4d2d9152f6f70919f5",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_proposal_answers_the_other_side_cd62f",
                    table="messaging_proposal",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="origin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contact__isnull", False), ("message__isnull", True)),
                    models.Q(("contact__isnull", True), ("message__isnull", False)),
                    _connector="OR",
                ),
                name="origin_is_a_call_or_a_message",
            ),
        ),
    ]
