"""Measure the scenarios in the order of the table. Only the ratios are comparable between machines."""

import re
from collections.abc import Callable
from functools import partial

from django.db import connection

from accounts.models.people import User
from benchmarks.load import Loaded
from benchmarks.measure import Browser, Comparison, Step, all_at_once, compare, one_after_another
from benchmarks.people import awards, in_another_class, in_the_big_class, inserts, opens, sign_in, writes
from messaging.models.conversations import Conversation, Message
from points.models import Award

HEAD = ("scenario", "ours", "against", "ref", "ratio", "spread", "target", "KiB")
LINE = "{:<45} {:>8} {:>10} {:>8} {:>7} {:>11} {:>8} {:>7}"


def row(name: str, against: str, found: Comparison, target: str) -> None:
    size = f"{found.size / 1024:.1f}" if found.size else ""
    spread = f"{found.low:.2f}–{found.high:.2f}"
    ours, other = f"{found.ours:.1f}", f"{found.reference:.1f}"
    print(LINE.format(name, ours, against, other, f"{found.ratio:.2f}", spread, target, size), flush=True)


def expect(browser: Browser, step: Step, *, holds: str = "", leads: str = "") -> str:
    """Return the page, after checking that it is the right one: a sign-in page would be the quickest."""
    answer = browser.send(step())
    words = answer.body.decode()
    if holds not in words or not answer.location.startswith(leads):
        raise RuntimeError(f"an unexpected answer: {answer.status} {answer.location} {words[:200]}")
    return words


def older_by_two_hours() -> None:
    """Make the messages of the last round older, because a parent may send twenty in an hour."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_message SET sent_at = sent_at - interval '2 hours', "
            "release_at = release_at - interval '2 hours' WHERE sent_at > now() - interval '1 hour'"
        )


def tenth_page(browser: Browser, cookies: dict[str, str]) -> str:
    """Return the address of the newsfeed's tenth page, found by following its links."""
    address = "/news/"
    for _page in range(9):
        words = expect(browser, opens(address, cookies), holds="post__foot")
        found = re.search(r'href="(\?[^"]*before=[^"]+)"', words)
        assert found is not None
        address = f"/news/{found[1].replace('&amp;', '&')}"
    return address


class Bench:
    """One school, one port: the scenarios with one client and with many."""

    def __init__(self, port: int, loaded: Loaded) -> None:
        self.loaded, self.size = loaded, loaded.size
        self.browser = Browser(port)
        self.browsers = [Browser(port) for _client in range(self.size.clients)]
        self.parent = sign_in(loaded.parents[0], None, loaded)
        self.account = sign_in(loaded.account, loaded.staff, loaded)
        self.crowded = sign_in(loaded.crowded, loaded.staff, loaded)
        self.r1, self.r20 = inserts(self.parent), opens("/bench/r20/", self.parent)

    def alone(self, ours: Step, other: Step, between: Callable[[], None] = lambda: None) -> Comparison:
        times = partial(one_after_another, self.browser, times=self.size.times)
        return compare(
            lambda: times(step=ours), lambda: times(step=other), rounds=self.size.rounds, between=between
        )

    def concurrent(self, ours: list[Step], other: list[Step]) -> Comparison:
        times = partial(all_at_once, self.browsers, times=max(2, self.size.times // 2))
        return compare(
            lambda: times(steps=ours),
            lambda: times(steps=other),
            rounds=self.size.rounds,
            by_rate=True,
            between=older_by_two_hours,
        )

    def sending(self) -> None:
        ours = writes(in_the_big_class(self.loaded, 0), self.loaded)
        by_hand = writes(in_another_class(self.loaded, 0), self.loaded, "/bench/rn/{}/")
        expect(self.browser, ours, leads="/messages/")
        expect(self.browser, by_hand, leads="/messages/")
        row("1 send a message", "RN", self.alone(ours, by_hand, older_by_two_hours), "<= 1.5")
        row("1 send a message", "R1", self.alone(ours, self.r1, older_by_two_hours), "<= 4")

    def awarding(self) -> None:
        one, many = awards(self.account, self.loaded, 1), awards(self.account, self.loaded, 25)
        expect(self.browser, one, leads="/class/board/?given=")
        expect(self.browser, many, leads="/class/board/?given=")
        row("7 award to one child", "R1", self.alone(one, inserts(self.account)), "<= 4")
        row("7 award to twenty-five", "to one", self.alone(many, one), "<= 1.5")

    def looking_back(self) -> None:
        """Compare pages of points; the ratio must be the same at each SCALE."""
        child = opens(f"/points/{self.loaded.child_of(0).pk}/?period=all", self.parent)
        report = opens("/points/school/?period=all", self.account)
        board = opens("/class/board/?view=staff", self.account)
        r20 = opens("/bench/r20/", self.account)
        expect(self.browser, child, holds="chart__bar")
        expect(self.browser, report, holds="bars__row")
        expect(self.browser, board, holds='name="pupil"')
        row("7 a child's points, all time", "R20", self.alone(child, self.r20), "")
        row("7 what a class was given points for", "R20", self.alone(report, r20), "")
        row("7 the board of 25 (staff)", "R20", self.alone(board, r20), "")

    def reading(self) -> None:
        news, older = opens("/news/", self.parent), opens(tenth_page(self.browser, self.parent), self.parent)
        row("3 newsfeed, first page", "R20", self.alone(news, self.r20), "<= 3")
        row("3 newsfeed, tenth page", "first", self.alone(older, news), "<= 1.1")

    def conversations(self) -> None:
        """Open the list and one conversation: of a class with 50, of one with ten times as many, of a parent."""
        for account, cookies in ((self.loaded.account, self.account), (self.loaded.crowded, self.crowded)):
            many, last = last_of(account)
            r20 = opens("/bench/r20/", cookies)
            self.page(f"2 list of conversations (class), 20 of {many}", "/messages/", cookies, r20, "<= 4")
            self.page(
                f"2 open one of {many}, last 20 of 60 (class)", f"/messages/{last.pk}/", cookies, r20, "<= 3"
            )
        _many, last = last_of(self.loaded.account)
        cookies = sign_in(last.parent, None, self.loaded)
        r20 = opens("/bench/r20/", cookies)
        self.page("2 list of conversations (parent)", "/messages/", cookies, r20, "<= 4")
        self.page("2 open one, last 20 of 60 (parent)", f"/messages/{last.pk}/", cookies, r20, "<= 3")

    def page(self, name: str, path: str, cookies: dict[str, str], r20: Step, target: str) -> None:
        step = opens(path, cookies)
        expect(self.browser, step, holds='class="topic"' if path == "/messages/" else 'id="message-')
        row(name, "R20", self.alone(step, r20), target)

    def many_clients(self) -> None:
        clients = range(self.size.clients)
        loaded, count = self.loaded, self.size.clients
        apart = [writes(in_another_class(loaded, n), loaded) for n in clients]
        by_hand = [writes(in_another_class(loaded, n, further=1), loaded, "/bench/rn/{}/") for n in clients]
        to_one = [writes(in_the_big_class(loaded, n), loaded) for n in clients]
        row("1 send, to different classes", "RN", self.concurrent(apart, by_hand), ">= 0.67")
        row("1 send, to one class", "different", self.concurrent(to_one, apart), ">= 0.8")
        news = [opens("/news/", self.parent)] * count
        row("3 newsfeed, first page", "R20", self.concurrent(news, [self.r20] * count), ">= 0.3")


def last_of(account: User) -> tuple[int, Conversation]:
    """Return how many conversations a class has, and the last of them, which nobody writes in."""
    found = Conversation.objects.filter(pupil__classroom__account=account)
    return found.count(), found.select_related("parent").latest("pk")


def middleware(bench: Bench, bare_port: int, bare_cookies: dict[str, str]) -> Comparison:
    """Compare R0 with B0: what the portal's own middleware costs a request."""
    ours, theirs = opens("/bench/r0/", bench.parent), opens("/bench/b0/", bare_cookies)
    bare = Browser(bare_port)
    expect(bench.browser, ours, holds="ok")
    expect(bare, theirs, holds="ok")
    size = bench.size
    return compare(
        lambda: one_after_another(bench.browser, ours, size.times),
        lambda: one_after_another(bare, theirs, size.times),
        rounds=size.rounds,
    )


def measure(port: int, loaded: Loaded, *, bare_port: int, bare_cookies: dict[str, str]) -> None:
    """Print the table; `bare_port` and `bare_cookies` lead to B0."""
    before = Message.objects.count(), Award.objects.count()
    bench = Bench(port, loaded)
    print(f"\none client: median milliseconds over {loaded.size.rounds} rounds of {loaded.size.times}")
    print(LINE.format(*HEAD))
    row("an empty view (R0)", "B0", middleware(bench, bare_port, bare_cookies), "<= 1.5")
    row("an empty view (R0)", "R1", bench.alone(opens("/bench/r0/", bench.parent), bench.r1), "")
    bench.sending()
    bench.looking_back()
    bench.awarding()
    bench.reading()
    bench.conversations()
    print(f"\n{loaded.size.clients} clients: answers a second")
    print(LINE.format(*HEAD))
    bench.many_clients()
    wrote = Message.objects.count() - before[0], Award.objects.count() - before[1]
    print(f"\nwritten meanwhile: {wrote[0]:,} messages, {wrote[1]:,} awards")
