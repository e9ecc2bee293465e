"""A breakable school with a mail server and people who write, and what a test looks at in it."""

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
from celery import Celery
from django.core import signing

from malpas.dev.folders import ROOT
from malpas.dev.servers.waiting import wait_for
from tests.faults.asking import Answer, ask
from tests.faults.auditor import breaches
from tests.faults.breakable import BreakableSchool
from tests.faults.letterbox import Letterbox

HEAVY = os.environ.get("FAULTS") == "heavy"
EMPTIED = "messaging_conversation, messaging_message, accounts_notification, accounts_delivery, stories_post"
FRIDAY_NIGHT, MONDAY = "2026-11-13 20:00", "2026-11-16 08:30"
SWEEPS = {
    "announce": ("messaging.tasks.announce", "announce-messages"),
    "deliver": ("accounts.tasks.deliver", "deliver-mail"),
    "letters": ("classes.tasks.make_letters", "make-letters"),
}
SESSION_SALT = "django.contrib.sessions.SessionStore"


class Rig(BreakableSchool):
    """`accepted` holds the keys that were answered as kept; `crashes` how many processes were killed at their mail."""

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        self.ear: psycopg.Connection | None = None
        self.letterbox = Letterbox(self._hear_clock)
        more = {
            "EMAIL_URL": self.letterbox.url,
            "EMAIL_TIMEOUT": "2",
            "FAILPOINTS": str(self.points),
            "SWEEP_SECONDS": "10" if HEAVY else "2",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.environment |= more
        self.portal.environment |= more
        self.celery = Celery(broker=f"redis+socket://{self.servers.valkey.socket}?virtual_host=0")
        self.accepted: set[str] = set()
        self.answers: list[tuple[str, int]] = []
        self.crashes = self.version = 0
        self.people: dict[str, dict] = {}
        self.head: subprocess.Popen[str] | None = None

    # -- beginning and ending -----------------------------------------------------------------------------

    def prepare(self) -> "Rig":
        self.clock(FRIDAY_NIGHT)
        command = [sys.executable, "-m", "tests.faults.seed"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        self.people = json.loads(done.stdout.splitlines()[-1])
        self.start_up("web", "worker")
        return self

    def fresh(self) -> None:
        """As at the beginning: Friday evening, nobody has written, everything runs but beat."""
        for point in self.points.iterdir():
            point.unlink()
        if "beat" in self.portal.processes:
            self.end("beat")  # before the queue is looked at: it fills it
        if "worker" in self.portal.processes and not wait_for(self._is_idle, 3):
            self.end("worker")  # it still does what a test that failed has left
        self.letterbox.begin_anew()
        self.letterbox.wire.mode = "pass"
        self.accepted, self.answers, self.crashes = set(), [], 0
        for name in [name for name in self.portal.processes if name not in ("web", "worker")]:
            self.end(name)
        # The database refuses to empty these; a superuser's session of a rehearsal may go round its triggers.
        self.sql("SET session_replication_role = replica")
        self.sql(f"TRUNCATE {EMPTIED} CASCADE")
        self.sql("TRUNCATE accounts_auditentry, accounts_sweep")
        self.sql("RESET session_replication_role")
        self.sql("DELETE FROM accounts_closure WHERE kind = 'inset'")
        self.sql(
            "UPDATE accounts_school SET calendar_version = calendar_version + 1"
        )  # so that it is read again
        self.version = self.one("SELECT calendar_version FROM accounts_school")
        self.clock(FRIDAY_NIGHT)
        self.start_up("web", "worker")

    def stop(self) -> None:
        if self.head:
            self.head.kill()
            self.head.wait()
        for name in list(self.portal.processes):
            self.end(name)
        super().stop()
        self.letterbox.stop()

    # -- what people and beat do ----------------------------------------------------------------------------

    def nudge(self, *names: str) -> list[str]:
        """Puts a task on the queue as beat does: announce, deliver. Returns the ids of the tasks."""
        return [self.celery.send_task(SWEEPS[name][0], queue="portal").id for name in names]

    def leader_comes(self) -> None:
        if self.head is None:
            command = [sys.executable, "-m", "tests.faults.leader"]
            self.head = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            assert self.head.stdout.readline() == "ready\n"

    def leader(self, verb: str, about: object) -> None:
        """hide MESSAGE, close DAY: by the services, in a process of its own."""
        self.leader_comes()
        self.head.stdin.write(f"{verb} {about}\n")
        self.head.stdin.flush()
        assert self.head.stdout.readline() == "done\n"

    def clock(self, text: str) -> None:
        """It is this moment, time goes on from there, and everybody has just used the portal."""
        super().clock(text)
        if self.people:
            self._keep_signed_in(self.one("SELECT school_now()").isoformat())

    def _keep_signed_in(self, now: str) -> None:
        """After a jump of days a class account, a parent's lock and every sign-in would have ended."""
        signed = {
            "key": self.environment["SECRET_KEY"],
            "salt": SESSION_SALT,
            "serializer": signing.JSONSerializer,
        }
        for session, data in self.sql("SELECT session_key, session_data FROM django_session"):
            inside = signing.loads(data, **signed)
            for name in {"staff_seen", "parent_lock_seen"} & inside.keys():
                inside[name] = now
            if "life" in inside:
                inside["life"] |= {"since": now, "seen": now}
            data = signing.dumps(inside, **signed, compress=True)
            self.sql("UPDATE django_session SET session_data = %s WHERE session_key = %s", data, session)

    def ask(
        self,
        who: str | None,
        path: str,
        form: dict | None = None,
        *,
        files: dict[str, bytes] | None = None,
        seconds: float = 40,
    ) -> Answer:
        """One request of a signed-in person, without following redirects. `files`: name → what is added."""
        session = self.people[who]["session"] if who else None
        return ask(self.portal.port, session, path, form, files=files, seconds=seconds)

    def mail_to(self, *addresses: str) -> None:
        """Mail in the outbox, due now."""
        self.sql(
            "INSERT INTO accounts_delivery (address, subject, body, message_id, state, attempts, error, any_hour)"
            " SELECT a, 'News', 'NotificationText', '<' || a || '>', 'pending', 0, '', false FROM unnest(%s::text[]) a",
            list(addresses),
        )

    def write(
        self,
        body: str = "Mali is proud.",
        *,
        who: str = "nia",
        key: str | None = None,
        files: dict[str, bytes] | None = None,
    ) -> Answer:
        """A message of a parent, or of the class to Mali's Nia, by the form with its key."""
        key = key or str(uuid4())
        person = self.people[who]
        path = f"/messages/child/{person.get('pupil', self.people['nia']['pupil'])}/"
        path += "" if "pupil" in person else f"parent/{self.people['nia']['id']}/"
        answer = self.ask(who, path, {"body": body, "key": key}, files=files)
        self.answers.append((key, answer.status))
        assert not answer.place or answer.place.startswith("/messages/"), answer.place
        if answer.status == 302:
            self.accepted.add(key)
        return answer

    def many(self, number: int, *, at: str = "2026-11-13 20:00", due: str = MONDAY) -> None:
        """So many messages of Nia's and Sioned's, written one after the other, all due at the next opening."""
        for turn, name in enumerate(("nia", "sioned")):
            person = self.people[name]
            conversation = self.sql(
                "INSERT INTO messaging_conversation (pupil_id, parent_id, started_at) VALUES (%s, %s, school_now())"
                " ON CONFLICT (pupil_id, parent_id) DO UPDATE SET parent_id = EXCLUDED.parent_id RETURNING id",
                person["pupil"],
                person["id"],
            )[0][0]
            self.sql(
                "INSERT INTO messaging_message (conversation_id, author_id, from_class, body, key, sent_at,"
                " release_at, withdrawn_because) SELECT %s, %s, false, 'Number ' || n, gen_random_uuid(),"
                " %s::timestamp AT TIME ZONE 'Europe/London' + n * interval '1 ms',"
                " %s::timestamp AT TIME ZONE 'Europe/London', '' FROM generate_series(1, %s) n",
                conversation,
                person["id"],
                at,
                due,
                (number + 1 - turn) // 2,
            )

    def monday(self, minutes: float = 0) -> None:
        """It is so many minutes after the opening on Monday, and time goes on."""
        moment = datetime.fromisoformat(MONDAY) + timedelta(minutes=minutes)
        self.clock(moment.isoformat(sep=" "))

    # -- looking ------------------------------------------------------------------------------------------

    def one(self, query: str, *values: object) -> object:
        return self.sql(query, *values)[0][0]

    def health(self) -> dict:
        return json.loads(self.ask(None, "/health/").text)

    def unannounced(self) -> int:
        return self.one(
            "SELECT count(*) FROM messaging_message WHERE announced_at IS NULL AND withdrawn_at IS NULL"
        )

    def unsent(self) -> int:
        return self.one("SELECT count(*) FROM accounts_delivery WHERE state IN ('pending', 'sending')")

    def sweep(self, *names: str) -> None:
        """One turn of beat's sweeps, each to its own end: another's may have been let go a moment ago."""
        for name in names or ("announce", "deliver"):
            since = self.portal.log("worker").stat().st_size
            self._wait_for_task(self.nudge(name)[0], since)

    def _wait_for_task(self, task: str, since: int, seconds: float = 60) -> None:
        log, ended = self.portal.log("worker"), f"[{task}] succeeded".encode()
        assert wait_for(lambda: ended in log.read_bytes()[since:], seconds), self.state_of_things()

    def swept(self, name: str) -> list[tuple]:
        return self.sql("SELECT done_at FROM accounts_sweep WHERE name = %s", SWEEPS[name][1])

    def wait_for_sweep(self, name: str, before: list[tuple], seconds: float = 60) -> None:
        assert wait_for(lambda: self.swept(name) != before, seconds), self.state_of_things()

    def wait_for_all_notified(self, seconds: float = 60) -> None:
        """Sweeps until everything that is due has been announced and mailed."""
        end = time.monotonic() + seconds
        while self.unannounced() or self.unsent():
            assert time.monotonic() < end, self.state_of_things()
            self.sweep()

    def state_of_things(self) -> str:
        log = self.portal.log("worker").read_text()[-1500:]
        rows = self.sql("SELECT state, attempts, error, address FROM accounts_delivery LIMIT 8")
        return f"{self.unannounced()} not announced, {self.unsent()} not sent: {rows}\n{log}"

    def _hear_clock(self) -> datetime | None:
        try:
            if self.ear is None or self.ear.closed:
                self.ear = psycopg.connect(self.dsn, autocommit=True, connect_timeout=1)
            return self.ear.execute("SELECT school_now()").fetchone()[0]
        except psycopg.Error:
            self.ear = None
            return None

    def audit(self) -> None:
        """I1 to I9 over the whole database and the mail that was taken, when nobody has a mail in hand any more."""
        if "worker" in self.portal.processes:
            wait_for(self._is_idle, 3)
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            found = breaches(
                connection.cursor(),
                mails=self.letterbox.mails,
                accepted=self.accepted,
                answers=self.answers,
                crashes=self.crashes,
                version=self.version,
            )
        assert not found, "\n".join(found)
