"""What a school starts with: words to ask about, and replies to begin from. SLT changes both in the records."""

from django.db import migrations

PROGRESS = {
    "en": [
        "how is * getting on",
        "how is * doing",
        "how are * getting on",
        "getting on at school",
        "getting on in",
        "making progress",
        "progress",
        "falling behind",
        "behind in",
        "catching up",
        "reading level",
        "reading age",
        "test results",
        "test scores",
        "struggling with",
        "top of the class",
    ],
    "cy": [
        "sut mae * dod ymlaen",
        "dod ymlaen yn",
        "sut hwyl * yn yr ysgol",
        "cynnydd",
        "gynnydd",
        "chynnydd",
        "ar ei hôl hi",
        "ar ei hol hi",
        "lefel darllen",
        "oed darllen",
        "canlyniadau profion",
        "cael trafferth gyda",
    ],
}
UNKIND = {
    "en": [
        "idiot",
        "idiots",
        "stupid",
        "moron",
        "useless",
        "pathetic",
        "liar",
        "incompetent",
        "disgrace",
        "shut up",
        "hate you",
        "sick of you",
        "fuck",
        "fucking",
        "fuck off",
        "shit",
        "bullshit",
        "bitch",
        "bastard",
        "arsehole",
        "dickhead",
        "wanker",
        "twat",
        "piss off",
        "pissed off",
    ],
    "cy": [
        "twpsyn",
        "twp",
        "ffŵl",
        "celwyddgi",
        "anobeithiol",
        "cau dy geg",
        "caewch eich ceg",
        "cachu",
        "coc oen",
        "diawl",
        "ffwcio",
        "ffyc",
        "dos i grafu",
        "casáu chi",
    ],
}
REPLIES = [
    (
        "Thank you",
        "Diolch",
        "Thank you for telling us.",
        "Diolch am roi gwybod i ni.",
    ),
    (
        "We will look",
        "Fe edrychwn ni",
        "Thank you. We will look into it and write to you again.",
        "Diolch. Fe edrychwn ni i mewn i’r mater ac ysgrifennu atoch chi eto.",
    ),
    (
        "For the office",
        "I’r swyddfa",
        "The Main Office can help with this. Please tell them through ‘Write to us’.",
        "Gall y Brif Swyddfa helpu gyda hyn. Rhowch wybod iddyn nhw drwy ‘Ysgrifennu atom ni’.",
    ),
]


def load(apps, schema_editor):
    phrase = apps.get_model("messaging", "Phrase")
    rows = [
        phrase(kind=kind, language=language, words=words)
        for kind, lists in [("progress", PROGRESS), ("unkind", UNKIND)]
        for language, found in lists.items()
        for words in found
    ]
    phrase.objects.bulk_create(rows, ignore_conflicts=True)
    reply = apps.get_model("messaging", "StandardReply")
    if not reply.objects.exists():
        reply.objects.bulk_create(
            reply(order=10 * n, title_en=title_en, title_cy=title_cy, body_en=en, body_cy=cy)
            for n, (title_en, title_cy, en, cy) in enumerate(REPLIES, 1)
        )


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_cards_words_and_oversight")]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '20s';", migrations.RunSQL.noop
        ),
        migrations.RunPython(load, migrations.RunPython.noop, elidable=False),
    ]
