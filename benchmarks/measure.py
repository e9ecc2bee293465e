"""Times requests on kept connections. What counts is the ratio of two things measured in turn in one run."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Ask:
    """One request of somebody signed in; a form makes it a POST."""

    path: str
    cookies: dict[str, str]
    form: dict[str, object] | None = None

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies["csrftoken"]
        return headers


@dataclass(frozen=True)
class Answer:
    status: int
    milliseconds: float
    body: bytes
    location: str


Step = Callable[[], Ask]


class Browser:
    """One client on one kept connection, which is opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(self, ask: Ask) -> Answer:
        """The answer; one past 399 is an error, for a refusal is quick and would count as speed."""
        try:
            answer = self._send(ask)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connection.close()
            answer = self._send(ask)
        if answer.status >= 400:
            raise RuntimeError(f"{ask.path} answered {answer.status}")
        return answer

    def _send(self, ask: Ask) -> Answer:
        method = "GET" if ask.form is None else "POST"
        body = None if ask.form is None else urlencode(ask.form, doseq=True)
        start = time.perf_counter()
        self.connection.request(method, ask.path, body=body, headers=ask.headers)
        answer = self.connection.getresponse()
        words = answer.read()
        spent = (time.perf_counter() - start) * 1000
        return Answer(answer.status, spent, words, answer.headers.get("Location", ""))


@dataclass(frozen=True)
class Figures:
    """One round: median milliseconds of each request, requests a second, and bytes of the last answer."""

    median: float
    rate: float
    size: int


def one_after_another(browser: Browser, step: Step, times: int) -> Figures:
    start = time.perf_counter()
    answers = [browser.ask(step()) for _time in range(times)]
    spent = time.perf_counter() - start
    return Figures(
        statistics.median(answer.milliseconds for answer in answers), times / spent, len(answers[-1].body)
    )


def all_at_once(browsers: Sequence[Browser], steps: Sequence[Step], times: int) -> Figures:
    """Every browser takes its own step `times` times, all beside each other."""
    found: list[Figures] = []
    failed: list[Exception] = []

    def work(browser: Browser, step: Step) -> None:
        try:
            found.append(one_after_another(browser, step, times))
        except Exception as error:
            failed.append(error)

    pairs = zip(browsers, steps, strict=True)
    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    rate = len(threads) * times / (time.perf_counter() - start)
    return Figures(statistics.median(one.median for one in found), rate, found[0].size)


@dataclass(frozen=True)
class Compared:
    """Medians over the rounds; `low` and `high` are the smallest and largest ratio of a round."""

    ours: float
    reference: float
    ratio: float
    low: float
    high: float
    size: int


def compare(
    ours: Callable[[], Figures],
    reference: Callable[[], Figures],
    *,
    rounds: int,
    by_rate: bool = False,
    between: Callable[[], None] = lambda: None,
) -> Compared:
    """Ours and the reference in turn; the first round warms up and does not count."""
    pairs, size = [], 0
    for _round in range(rounds + 1):
        between()
        mine, other = ours(), reference()
        pairs.append((mine.rate, other.rate) if by_rate else (mine.median, other.median))
        size = mine.size
    counted = pairs[1:]
    ratios = [mine / other for mine, other in counted]
    return Compared(
        statistics.median(mine for mine, _other in counted),
        statistics.median(other for _mine, other in counted),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        size,
    )
