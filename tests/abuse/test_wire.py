"""Raw bytes to a real web process: what no browser would send (A41, A42, A61, A62). Never a fault, never a crash."""

import socket
from urllib.parse import quote
from uuid import uuid4

import pytest

from malpas.dev.processes import Portal
from tests.abuse.kit import JPEG, web_environment


@pytest.fixture
def wire(transactional_db, people, clock, tmp_path):
    """gunicorn on the tests' database, and the cookies of one parent."""
    clock.real()
    environment = web_environment(tmp_path)
    browser = people.client(people.nia)
    portal = Portal(tmp_path / "state", environment)
    with portal:
        portal.start(["web"])
        portal.wait_until_healthy(60)
        yield Wire(portal, browser.cookies["sessionid"].value, people.mali.pk)


class Wire:
    def __init__(self, portal: Portal, session: str, child: int) -> None:
        self.portal, self.session = portal, session
        self.conversation = f"/messages/child/{child}/"
        self.token = "a" * 32

    def send(self, raw: bytes, seconds: float = 10) -> bytes:
        """The answer's bytes; empty when the connection was closed without one."""
        with socket.create_connection(("127.0.0.1", self.portal.port), timeout=seconds) as line:
            try:
                line.sendall(raw)
                answer = b""
                while chunk := line.recv(65536):
                    answer += chunk
            except OSError:  # closed while we were still talking: refused
                return b""
        return answer

    def ask(
        self, method: str, path: bytes | str, body: bytes = b"", *, signed: bool = True, **headers
    ) -> int:
        """The status; 0 when the connection was closed without an answer."""
        path = path.encode() if isinstance(path, str) else path
        cookie = f"sessionid={self.session}; csrftoken={self.token}" if signed else ""
        lines = {"Host": "127.0.0.1", "Connection": "close", "Cookie": cookie, "X-CSRFToken": self.token}
        lines |= {"Content-Length": str(len(body))} if body else {}
        lines |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = method.encode() + b" " + path + b" HTTP/1.1\r\n"
        for name, value in lines.items():
            head += name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
        answer = self.send(head + b"\r\n" + body)
        return int(answer.split(b" ", 2)[1]) if answer else 0


def form(**fields: bytes) -> bytes:
    return b"&".join(name.encode() + b"=" + quote(value).encode() for name, value in fields.items())


BYTES = [
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x00",
    b"a\x00b",
    b"\x1b[31m",
    b"\xe2\x80\xae",
]
CHARSETS = [
    "utf-16",
    "utf-7",
    "unicode_escape",
    "raw_unicode_escape",
    "rot13",
    "base64",
    "zlib",
    "idna",
    "punycode",
    "no-such",
    '"',
    "latin-1",
]
COOKIES = [
    b"sessionid=\xff\xfe", b'sessionid="aaaaaaaaaa\\000"', b'sessionid="\\355\\240\\200aaaaaaaa"', b"sessionid=" + b"a" * 4000,
    b'csrftoken="\\000"; sessionid=x', b"django_language=\xff; messages=\xff\xfe", b"messages=x:y:z; django_language=../../x",
    b"=; ;;; =x", b'sessionid="\\012\\015Set-Cookie: a=b"', b"sessionid=" + "ŵ".encode() * 20,
]  # fmt: skip


WORDS = b"body=Again&key="


def strange_letters(wire: Wire, note) -> None:
    for each in BYTES:
        raw = quote(each).encode()
        note(f"path {each!r}", wire.ask("GET", b"/news/" + raw + b"/"))
        note(f"raw path {each!r}", wire.ask("GET", b"/join/" + each + b"/"))
        note(f"code {each!r}", wire.ask("GET", b"/join/" + raw + b"/", signed=False))
        note(f"card {each!r}", wire.ask("POST", b"/pupil/card/" + raw + b"/", b"x=1", signed=False))
        note(f"photo {each!r}", wire.ask("GET", b"/photo/" + raw + b"/640/"))
        note(f"reference {each!r}", wire.ask("GET", b"/write/done/" + raw + b"/"))
        note(f"query {each!r}", wire.ask("GET", b"/news/?before=" + raw))
        note(f"raw query {each!r}", wire.ask("GET", b"/news/?before=" + each))
        note(f"form {each!r}", wire.ask("POST", wire.conversation, b"body=" + raw + b"&key=" + raw))
        note(f"raw form {each!r}", wire.ask("POST", wire.conversation, b"body=" + each + b"&" + each + b"=x"))
        note(f"sign-in {each!r}", wire.ask("POST", "/account/login/", b"login=" + raw + b"&password=" + raw))
        for header in (
            "Accept-Language",
            "Referer",
            "Origin",
            "HX-Current-URL",
            "HX-Target",
            "User-Agent",
            "X-Forwarded-For",
            "Range",
        ):
            note(f"{header} {each!r}", wire.ask("GET", "/news/", **{header: each, "HX-Request": b"true"}))
        note(f"host {each!r}", wire.ask("GET", "/help/", Host=each))
        part = (
            b'--x\r\nContent-Disposition: form-data; name="body"; filename="'
            + each
            + b'"\r\nContent-Type: '
            + each
        )
        part += b"\r\n\r\n" + JPEG + b"\r\n--x--\r\n"
        note(
            f"file name {each!r}",
            wire.ask("POST", wire.conversation, part, Content_Type="multipart/form-data; boundary=x"),
        )


def strange_encodings(wire: Wire, note) -> None:
    for charset in CHARSETS:
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            body = b"login=\\ud800a@b.example&password=\\ud800&body=\\ud800" if "url" in kind else (
                b"--x\r\nContent-Disposition: form-data; name=\"login\"\r\n\r\na@b.example\r\n"
                b"--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n\\ud800+2AA-\r\n"
                b"--x\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\n\\ud800+2AA-\r\n--x--\r\n"
            )  # fmt: skip
            sent = {"Content_Type": f"{kind}; charset={charset}"}
            note(
                f"{kind} {charset}",
                wire.ask(
                    "POST", "/account/login/", body, signed=False, Cookie=f"csrftoken={wire.token}", **sent
                ),
            )
            note(f"{kind} {charset} talk", wire.ask("POST", wire.conversation, body, **sent))
            note(f"{kind} {charset} get", wire.ask("GET", "/news/?before=%5Cud800&child=1", **sent))


def strange_cookies_and_kinds(wire: Wire, note) -> None:
    for each in COOKIES:
        note(f"cookie {each[:40]!r}", wire.ask("GET", "/messages/", Cookie=each))
        note(
            f"posted cookie {each[:40]!r}",
            wire.ask("POST", "/account/login/", b"login=a&password=b", Cookie=each),
        )
    for kind in (
        "application/json",
        "text/plain",
        "text/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "\x7f",
        "x" * 500,
    ):
        note(f"type {kind[:30]!r}", wire.ask("POST", wire.conversation, b'{"a":' * 2000, Content_Type=kind))


def strange_requests(wire: Wire, note) -> None:
    large = b"body=" + b"x" * 3_000_000
    note("3 MB of words", wire.ask("POST", wire.conversation, large))
    note("5,000 fields", wire.ask("POST", wire.conversation, b"&".join(b"f%d=1" % n for n in range(5000))))
    note("100 KB of headers", wire.ask("GET", "/help/", X_Long="x" * 100_000))
    note("a long address", wire.ask("GET", "/help/?" + "x" * 9000))
    note("length and chunks", wire.ask("POST", wire.conversation, WORDS, Transfer_Encoding="chunked"))
    note("two lengths", wire.ask("POST", wire.conversation, WORDS, content_length="3"))
    note("a length below zero", wire.ask("POST", wire.conversation, WORDS, Content_Length="-5"))
    note("an absolute address", wire.ask("GET", "http://evil.example/help/", Host="evil.example"))
    note("another host", wire.ask("GET", "/help/", Host="evil.example"))
    for method in ("TRACE", "CONNECT", "PROPFIND", "get", "\x00", "A" * 200):
        note(f"method {method[:9]!r}", wire.ask(method, "/messages/"))
    for path in (
        "/.git/config", "/.env", "/static/../manage.py", "/static/..%2f..%2fmanage.py", "/static/%2e%2e/manage.py", "/media/", "/photos/",
        "/photo/../../etc/passwd/640/", "/photo/..%2f..%2fx/640/", "/__debug__/", "/silk/", "/metrics", "/static/", "/static/css/",
        "/mailbox/..%2f..%2f.env/", "/server-status", "/admin/doc/", "/api/", "/static/js/board.js.map", "//help/", "/help/..;/admin/",
    ):  # fmt: skip
        note(f"path {path}", wire.ask("GET", path, signed=False))


@pytest.mark.django_db(transaction=True)
def test_A41_A42_A61_A62_raw_bytes_are_answered_and_never_a_fault(wire):
    words = form(body=b"Hello over the wire", key=str(uuid4()).encode())
    assert wire.ask("GET", wire.conversation) == 200
    assert wire.ask("POST", wire.conversation, words) == 302
    seen: dict[str, int] = {}
    for strange in (strange_letters, strange_encodings, strange_cookies_and_kinds, strange_requests):
        strange(wire, seen.__setitem__)
    assert len(seen) > 250
    assert {what: status for what, status in seen.items() if status >= 500 and status not in (501, 505)} == {}
    found = {what: status for what, status in seen.items() if what.startswith("path /") and status == 200}
    assert found == {}
    for what in ("another host", "an absolute address", "3 MB of words", "5,000 fields", "100 KB of headers"):
        assert 400 <= seen[what] < 500 or seen[what] == 0, (what, seen[what])
    assert wire.ask("GET", "/messages/") == 200, "whoever is signed in goes on"
    log = wire.portal.log("web").read_text(errors="replace")
    # Django writes down in a line why it refused something; a fault of ours bears one of these.
    assert "Traceback" not in log
    assert "Internal Server Error" not in log and "Error handling request" not in log
    assert "Hello over the wire" not in log and wire.session not in log
