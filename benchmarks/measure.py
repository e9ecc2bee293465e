"""Time requests on persistent connections.

Only the ratio of two things measured in turn in one run is comparable between machines.
"""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class BenchRequest:
    """One request with the cookies of a session; a form makes it a POST."""

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
class BenchResponse:
    status: int
    milliseconds: float
    body: bytes
    location: str


Step = Callable[[], BenchRequest]


class Browser:
    """One client on one persistent connection, reopened when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, request: BenchRequest) -> BenchResponse:
        """Send the request and return the response; raise for a status above 399, since refusals are quick."""
        try:
            answer = self._send(request)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.connection.close()
            answer = self._send(request)
        if answer.status >= 400:
            raise RuntimeError(f"{request.path} answered {answer.status}")
        return answer

    def _send(self, request: BenchRequest) -> BenchResponse:
        method = "GET" if request.form is None else "POST"
        body = None if request.form is None else urlencode(request.form, doseq=True)
        start = time.perf_counter()
        self.connection.request(method, request.path, body=body, headers=request.headers)
        answer = self.connection.getresponse()
        words = answer.read()
        elapsed = (time.perf_counter() - start) * 1000
        return BenchResponse(answer.status, elapsed, words, answer.headers.get("Location", ""))


@dataclass(frozen=True)
class Round:
    """One round: median milliseconds of a request, requests per second, bytes of the last response."""

    median: float
    rate: float
    size: int


def one_after_another(browser: Browser, step: Step, times: int) -> Round:
    start = time.perf_counter()
    answers = [browser.send(step()) for _time in range(times)]
    elapsed = time.perf_counter() - start
    return Round(
        statistics.median(answer.milliseconds for answer in answers), times / elapsed, len(answers[-1].body)
    )


def all_at_once(browsers: Sequence[Browser], steps: Sequence[Step], times: int) -> Round:
    """Repeat each browser's own step `times` times, all browsers concurrently."""
    found: list[Round] = []
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
    return Round(statistics.median(one.median for one in found), rate, found[0].size)


@dataclass(frozen=True)
class Comparison:
    """Medians over the rounds; `low` and `high` are the smallest and largest ratio of one round."""

    ours: float
    reference: float
    ratio: float
    low: float
    high: float
    size: int


def compare(
    ours: Callable[[], Round],
    reference: Callable[[], Round],
    *,
    rounds: int,
    by_rate: bool = False,
    between: Callable[[], None] = lambda: None,
) -> Comparison:
    """Measure ours and the reference in turn; the first round warms up and does not count."""
    pairs, size = [], 0
    for _round in range(rounds + 1):
        between()
        mine, other = ours(), reference()
        pairs.append((mine.rate, other.rate) if by_rate else (mine.median, other.median))
        size = mine.size
    counted = pairs[1:]
    ratios = [mine / other for mine, other in counted]
    return Comparison(
        statistics.median(mine for mine, _other in counted),
        statistics.median(other for _mine, other in counted),
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        size,
    )
