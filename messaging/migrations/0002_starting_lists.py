"""Fill the phrase list, the standard replies and the absence codes."""

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


def load_lists(apps, schema_editor):
    phrase = apps.get_model("messaging", "Phrase")
    rows = [
        phrase(kind=kind, language=language, text=text)
        for kind, lists in [("progress", PROGRESS), ("unkind", UNKIND)]
        for language, found in lists.items()
        for text in found
    ]
    phrase.objects.bulk_create(rows, ignore_conflicts=True)
    reply = apps.get_model("messaging", "StandardReply")
    if not reply.objects.exists():
        reply.objects.bulk_create(
            reply(order=10 * n, title_en=title_en, title_cy=title_cy, body_en=en, body_cy=cy)
            for n, (title_en, title_cy, en, cy) in enumerate(REPLIES, 1)
        )


CODES = [
    ("I", "Illness", "Salwch", "ill"),
    ("M", "Medical or dental appointment", "Apwyntiad meddygol neu ddeintyddol", ""),
]


def load_codes(apps, schema_editor):
    model = apps.get_model("messaging", "AbsenceCode")
    for code, name_en, name_cy, reason in CODES:
        model.objects.create(code=code, name_en=name_en, name_cy=name_cy, for_reason=reason)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.RunPython(load_lists, migrations.RunPython.noop),
        migrations.RunPython(load_codes, migrations.RunPython.noop),
    ]
