"""Whether the promises I1 to I9 hold over the whole database and the mail that a server took; one query for each.

The auditor knows nothing of the portal's code: it reads the tables, so that a fault in a query of ours cannot
hide itself.
"""

from collections.abc import Collection, Iterable
from datetime import date

import holidays

OPEN = """
    EXISTS (
        SELECT 1 FROM accounts_workinghours w
        JOIN accounts_term t ON ({0} AT TIME ZONE 'Europe/London')::date BETWEEN t.starts AND t.ends
        WHERE w.weekday = extract(isodow FROM {0} AT TIME ZONE 'Europe/London') - 1
        AND ({0} AT TIME ZONE 'Europe/London')::time >= w.working_start
        AND ({0} AT TIME ZONE 'Europe/London')::time < w.working_end
        AND NOT EXISTS (
            SELECT 1 FROM accounts_closure c
            WHERE ({0} AT TIME ZONE 'Europe/London')::date BETWEEN c.starts AND c.ends
            AND (c.closes_at IS NULL OR ({0} AT TIME ZONE 'Europe/London')::time >= c.closes_at)
        )
        AND ({0} AT TIME ZONE 'Europe/London')::date <> ALL (%(bank_holidays)s::date[])
    )
"""
TAKEN = "unnest(%(ids)s::text[], %(to)s::text[], %(at)s::timestamptz[]) AS taken (id, receiver, at)"
READERS = """
    SELECT m.id AS message, v.parent_id AS reader FROM messaging_message m
    JOIN messaging_conversation v ON v.id = m.conversation_id WHERE m.from_class
    UNION ALL
    SELECT m.id, r.account_id FROM messaging_message m
    JOIN messaging_conversation v ON v.id = m.conversation_id JOIN classes_pupil p ON p.id = v.pupil_id
    JOIN classes_classroom r ON r.id = p.classroom_id WHERE NOT m.from_class AND r.account_id IS NOT NULL
"""
LIVE_GUARDIANSHIP = """
    EXISTS (
        SELECT 1 FROM classes_guardianship g JOIN classes_contact c ON c.id = g.contact_id
        WHERE g.pupil_id = v.pupil_id AND c.user_id = v.parent_id AND g.joined_at IS NOT NULL
        AND (g.ended_at IS NULL OR g.ended_at > m.announced_at) AND g.restriction <> 'no_access'
    )
"""

# Each asks for what must not be, and answers with what to look for: nothing, when all is well.
CHECKS: list[tuple[str, str, str]] = [
    (
        "I1",
        "answered as kept, and not there",
        (
            "SELECT k::text FROM unnest(%(accepted)s::uuid[]) k WHERE NOT EXISTS ("
            " SELECT 1 FROM messaging_message m WHERE m.key = k)"
        ),
    ),
    (
        "I1",
        "an e-mail counts as sent that no server took",
        (
            f"SELECT d.message_id FROM accounts_delivery d WHERE d.state = 'sent' AND NOT EXISTS ("
            f" SELECT 1 FROM {TAKEN} WHERE taken.id = d.message_id)"
        ),
    ),
    (
        "I2",
        "announced, and a reader was not told, or twice",
        (
            f"SELECT m.id::text FROM messaging_message m JOIN ({READERS}) r ON r.message = m.id"
            " WHERE m.announced_at IS NOT NULL AND 1 <> (SELECT count(*) FROM accounts_notification n"
            " WHERE n.recipient_id = r.reader AND n.key = 'message:' || m.id)"
        ),
    ),
    (
        "I2",
        "told of a message that was not announced",
        (
            "SELECT n.key FROM accounts_notification n JOIN messaging_message m ON n.key = 'message:' || m.id"
            " WHERE m.announced_at IS NULL"
        ),
    ),
    (
        "I2",
        "kept twice",
        "SELECT author_id || ' ' || key FROM messaging_message GROUP BY author_id, key HAVING count(*) > 1",
    ),
    (
        "I3",
        "arrives when school is shut",
        (
            "SELECT m.id::text FROM messaging_message m WHERE m.withdrawn_at IS NULL"
            f" AND m.release_at < '9999-01-01' AND NOT {OPEN.format('m.release_at')}"
        ),
    ),
    (
        "I3",
        "announced or read before its time",
        "SELECT m.id::text FROM messaging_message m WHERE least(m.announced_at, m.read_at) < m.release_at",
    ),
    (
        "I3",
        "an e-mail went when school was shut, or before its time",
        (
            f"SELECT d.message_id FROM accounts_delivery d JOIN {TAKEN} ON taken.id = d.message_id"
            " LEFT JOIN accounts_notification n ON n.id = d.notification_id WHERE NOT d.any_hour"
            f" AND taken.at IS NOT NULL AND (taken.at < n.release_at OR NOT {OPEN.format('taken.at')})"
        ),
    ),
    (
        "I4",
        "due for more than five minutes of school and not announced",
        (
            "SELECT m.id::text FROM messaging_message m WHERE m.announced_at IS NULL AND m.withdrawn_at IS NULL"
            f" AND m.hidden_at IS NULL AND m.release_at < school_now() - interval '5 min' AND {OPEN.format('school_now()')}"
        ),
    ),
    (
        "I4",
        "an e-mail is due for more than five minutes of school, or failed without a reason",
        (
            "SELECT d.message_id FROM accounts_delivery d WHERE (d.state = 'failed' AND d.error = '') OR ("
            " d.state IN ('pending', 'sending') AND greatest(d.next_attempt_at, d.lease_until)"
            f" < school_now() - interval '5 min' AND {OPEN.format('school_now()')})"
        ),
    ),
    (
        "I5",
        "an e-mail went more often than the portal itself counts",
        (
            f"SELECT d.message_id FROM accounts_delivery d JOIN {TAKEN} ON taken.id = d.message_id"
            " GROUP BY d.id HAVING count(*) > 1 + d.unsure"
        ),
    ),
    (
        "I5",
        "an e-mail of a name that nobody gave, or to somebody else",
        (
            f"SELECT taken.id FROM {TAKEN} LEFT JOIN accounts_delivery d ON d.message_id = taken.id"
            " WHERE d.address IS DISTINCT FROM taken.receiver"
        ),
    ),
    (
        "I5",
        "more e-mails twice than processes died",
        (
            f"SELECT (count(*) - count(DISTINCT taken.id))::text FROM {TAKEN}"
            " HAVING count(*) - count(DISTINCT taken.id) > %(crashes)s"
        ),
    ),
    (
        "I6",
        "announced after its writer lost access, or where there was no tie",
        (
            "SELECT m.id::text FROM messaging_message m JOIN messaging_conversation v ON v.id = m.conversation_id"
            " JOIN accounts_user u ON u.id = m.author_id WHERE m.announced_at IS NOT NULL"
            f" AND (u.removed_at < m.announced_at OR NOT {LIVE_GUARDIANSHIP})"
        ),
    ),
    (
        "I6",
        "an e-mail went about something that was hidden before",
        (
            "SELECT concat_ws(' ', d.message_id, d.state, taken.at - m.hidden_at)"
            f" FROM accounts_delivery d JOIN {TAKEN} ON taken.id = d.message_id"
            " JOIN accounts_notification n ON n.id = d.notification_id"
            " JOIN messaging_message m ON n.key = 'message:' || m.id"
            " WHERE taken.at > m.hidden_at + interval '1 second' OR (m.hidden_at IS NOT NULL AND d.state <> 'sent')"
        ),
    ),
    (
        "I7",
        "arrives before what was written earlier in the same conversation",
        (
            "SELECT a.id || ' and ' || b.id FROM messaging_message a JOIN messaging_message b"
            " ON a.conversation_id = b.conversation_id AND a.sent_at < b.sent_at AND a.release_at > b.release_at"
            " WHERE a.withdrawn_at IS NULL AND b.withdrawn_at IS NULL"
        ),
    ),
    (
        "I7",
        "told of in another order than it was written",
        (
            "SELECT key FROM (SELECT n.key, m.id, lag(m.id) OVER ("
            "   PARTITION BY n.recipient_id, m.conversation_id ORDER BY n.id) AS before"
            " FROM accounts_notification n JOIN messaging_message m ON n.key = 'message:' || m.id) told"
            " WHERE before > id"
        ),
    ),
    (
        "I8",
        "answered with a fault of ours",
        "SELECT k::text FROM unnest(%(faulty)s::uuid[]) k",
    ),
    (
        "I8",
        "refused, and kept all the same",
        "SELECT k::text FROM unnest(%(refused)s::uuid[]) k JOIN messaging_message m ON m.key = k",
    ),
    (
        "I9",
        "withdrawn by its writer or hidden, and not exactly one entry in the record",
        (
            "SELECT m.id::text FROM messaging_message m WHERE (m.withdrawn_because = 'writer' AND 1 <> (SELECT count(*)"
            " FROM accounts_auditentry a WHERE a.verb = 'message.withdrawn' AND a.about = 'messaging.message:' || m.id))"
            " OR (m.hidden_at IS NOT NULL AND 1 <> (SELECT count(*) FROM accounts_auditentry a"
            " WHERE a.verb = 'message.hidden' AND a.about = 'messaging.message:' || m.id))"
        ),
    ),
    (
        "I9",
        "an answer was withdrawn, and not exactly one entry is in the record",
        (
            "SELECT e.id::text FROM messaging_entry e WHERE e.withdrawn_at IS NOT NULL AND 1 <> (SELECT count(*)"
            " FROM accounts_auditentry a WHERE a.verb = 'answer.withdrawn' AND a.detail->>'entry' = e.key::text)"
        ),
    ),
    (
        "I6",
        "an e-mail went, or waits, about an answer that was withdrawn",
        (
            "SELECT d.message_id FROM messaging_entry e JOIN accounts_notification n ON n.key = 'answer:' || e.id"
            " JOIN accounts_delivery d ON d.notification_id = n.id"
            " WHERE e.withdrawn_at IS NOT NULL AND d.state <> 'cancelled'"
        ),
    ),
    (
        "I9",
        "the calendar changed more often than the record says",
        (
            "SELECT s.calendar_version::text FROM accounts_school s WHERE s.calendar_version - %(version)s <> ("
            " SELECT count(*) FROM accounts_auditentry WHERE verb = 'calendar.changed')"
        ),
    ),
    (
        "I9",
        "the record can be changed",
        (
            "SELECT 'no trigger' WHERE NOT EXISTS (SELECT 1 FROM pg_trigger"
            " WHERE tgrelid = 'accounts_auditentry'::regclass AND tgenabled = 'O'"
            " AND (tgtype & 16) > 0 AND (tgtype & 8) > 0 AND (tgtype & 2) > 0)"
        ),
    ),
]


def breaches(
    cursor,
    *,
    mails: Iterable = (),
    accepted: Collection[str] = (),
    answers: Iterable[tuple[str, int]] = (),
    crashes: int = 0,
    version: int = 0,
) -> list[str]:
    """What is broken, in words, with at most five examples each.

    `mails`: what a server took. `accepted`: keys answered as kept. `answers`: (key, status), 503 being 'try again'.
    `crashes`: how often a process died or a line was cut that may have had a mail in hand. `version`: the
    calendar's at the beginning.
    """
    mails, answers = list(mails), list(answers)
    given = {
        "accepted": list(accepted),
        "faulty": [key for key, status in answers if status >= 500 and status != 503],
        "refused": [key for key, status in answers if 400 <= status < 500],
        "ids": [mail.message_id for mail in mails],
        "to": [mail.to for mail in mails],
        "at": [mail.at for mail in mails],
        "crashes": crashes,
        "version": version,
        "bank_holidays": bank_holidays(),
    }
    found = []
    for promise, what, query in CHECKS:
        cursor.execute(query, given)
        rows = [row[0] for row in cursor.fetchall()]
        if rows:
            found.append(f"{promise}: {what}: {', '.join(rows[:5])} ({len(rows)})")
    return found


def bank_holidays() -> list[date]:
    return list(holidays.country_holidays("GB", subdiv="WLS", years=range(2026, 2029)))
