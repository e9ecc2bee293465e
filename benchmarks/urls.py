"""The reference views, behind the portal's own middleware and sign-in.

R0 is an empty view, R1 a view with one INSERT, R20 one query and twenty template rows, RN a parent's message sent by hand
with as many SQL statements as ours. B0 (`bare_urls`) is an empty view behind nothing but sessions and sign-in.
"""

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import include, path

PAGE = "<!doctype html><title>R20</title><ul>{% for row in rows %}<li>{{ row.0 }} {{ row.1 }}</li>{% endfor %}</ul>"
TEMPLATE = engines["django"].from_string(PAGE)


def r0(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def r1(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (words) VALUES (%s)", [request.POST.get("words", "")])
    return HttpResponse("ok")


def r20(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, words FROM bench_row ORDER BY id DESC LIMIT 20")
        rows = cursor.fetchall()
    return HttpResponse(TEMPLATE.render({"rows": rows}, request))


MAY_READ = """
    SELECT c.pupil_id, p.first, c.parent_id FROM messaging_conversation c
    JOIN (SELECT id, preferred_forename AS first FROM classes_pupil
          WHERE left_on IS NULL OR left_on > (school_now() AT TIME ZONE 'Europe/London')::date) p ON p.id = c.pupil_id
    WHERE c.id = %s AND c.parent_id = %s
    AND EXISTS (SELECT 1 FROM classes_guardianship g JOIN classes_contact a ON a.id = g.contact_id
                WHERE g.pupil_id = c.pupil_id AND a.user_id = c.parent_id AND g.joined_at IS NOT NULL
                AND g.ended_at IS NULL AND g.restriction <> 'no_access')
"""
LOCK = "SELECT id FROM accounts_user WHERE id = %s FOR NO KEY UPDATE"
REPLAYED = "SELECT id FROM messaging_message WHERE author_id = %s AND key = %s"
MAY_WRITE = """
    SELECT g.restriction, (SELECT count(*) FROM messaging_message
                           WHERE author_id = %s AND sent_at > school_now() - interval '1 hour')
    FROM classes_guardianship g JOIN classes_contact a ON a.id = g.contact_id
    WHERE g.pupil_id = %s AND a.user_id = %s AND g.joined_at IS NOT NULL AND g.ended_at IS NULL
"""
HOURS = "SELECT calendar_version FROM accounts_school WHERE id = 1 FOR KEY SHARE"
INSERT = """
    INSERT INTO messaging_message (conversation_id, author_id, from_class, body, key, sent_at, release_at,
                                   withdrawn_because)
    VALUES (%s, %s, false, %s, %s, school_now(), school_now(), '') RETURNING id
"""
READ = """
    UPDATE messaging_message SET read_at = school_now()
    WHERE conversation_id = %s AND from_class AND read_at IS NULL AND withdrawn_at IS NULL
    AND release_at <= school_now()
"""


def rn(request: HttpRequest, conversation: int) -> HttpResponse:
    user, body, key = request.user.pk, request.POST["body"], request.POST["key"]
    with connection.cursor() as cursor:
        cursor.execute(MAY_READ, [conversation, user])
        pupil, _first, parent = cursor.fetchone()
        with transaction.atomic():
            cursor.execute(LOCK, [user])
            cursor.execute(REPLAYED, [user, key])
            cursor.fetchall()
            cursor.execute(MAY_WRITE, [user, pupil, parent])
            cursor.fetchone()
            cursor.execute(HOURS)
            cursor.fetchone()
            cursor.execute(INSERT, [conversation, user, body, key])
        cursor.execute(READ, [conversation])
    return HttpResponseRedirect(f"/messages/{conversation}/#newest")


urlpatterns = [
    path("bench/r0/", r0),
    path("bench/r1/", r1),
    path("bench/r20/", r20),
    path("bench/rn/<int:conversation>/", rn),
    path("", include("malpas.urls")),
]
