"""Time pages in a real Chromium with the network and the processor of a slow telephone."""

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from malpas.dev.browser import find_chromium

# The reference telephone: 1.44 Mbit/s down, 562 ms for each answer, a quarter of this processor.
NETWORK = {"offline": False, "latency": 562, "downloadThroughput": 180_000, "uploadThroughput": 84_000}
SLOWER = 4
HEAD = ("on a slow telephone", "first paint", "shift", "requests", "KB", "target")
LINE = "{:<45} {:>11} {:>7} {:>9} {:>6} {:>8}"
SHIFTS = """
  window.shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((each) => (window.shift += each.value)))
    .observe({type: "layout-shift", buffered: true});
"""
SEEN = """() => {
  const parts = performance.getEntriesByType("resource"), page = performance.getEntriesByType("navigation")[0];
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  const bytes = [page, ...parts].reduce((sum, each) => sum + each.transferSize, 0);
  return {paint: painted ? painted.startTime : 0, shift: window.shift, requests: parts.length + 1, bytes};
}"""

# From the moment the finger touches the glass, by the browser's own clock, to the frame that shows what it opens.
TAPPED = """(opens) => {
  window.tapped = new Promise((done) => {
    let began;
    addEventListener("pointerdown", (event) => (began = event.timeStamp), {capture: true, once: true});
    const drawn = () => requestAnimationFrame(() => {
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => done(performance.now() - began);
      port2.postMessage(0);
    });
    const seen = new MutationObserver(() => document.querySelector(opens) && (seen.disconnect(), drawn()));
    seen.observe(document, {subtree: true, childList: true, attributes: true});
  });
}"""


@contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        yield browser
        browser.close()


def slow_page(context: Any) -> Any:
    """Return a new page of this context that is as slow as the telephone."""
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", NETWORK)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(SHIFTS)
    return page


class Telephone:
    """One browser, the address of the portal, and how often a page is loaded."""

    def __init__(self, browser: Any, port: int, rounds: int) -> None:
        self.browser, self.base, self.rounds = browser, f"http://127.0.0.1:{port}", rounds

    def context(self, cookies: dict[str, str], size: tuple[int, int]) -> Any:
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]})
        context.add_cookies(
            [{"name": name, "value": value, "url": self.base} for name, value in cookies.items()]
        )
        return context

    def paint(
        self, name: str, path: str, cookies: dict[str, str], *, first: str = "", size=(390, 844)
    ) -> None:
        """Print the median of the first paints of a page: cold, or after the page `first`."""
        found = []
        for _round in range(self.rounds):
            context = self.context(cookies, size)
            page = slow_page(context)
            for address in filter(None, (first, path)):
                page.goto(self.base + address, wait_until="networkidle")
            found.append(page.evaluate(SEEN))
            context.close()
        paint, shift = (statistics.median(each[key] for each in found) for key in ("paint", "shift"))
        last = found[-1]
        seconds, kilobytes = f"{paint / 1000:.1f} s", f"{last['bytes'] / 1024:.0f}"
        target = "<= 1.0 s" if first else "<= 2.0 s"
        print(LINE.format(name, seconds, f"{shift:.3f}", last["requests"], kilobytes, target), flush=True)

    def tap(self, name: str, path: str, cookies: dict[str, str], *, on: str, opens: str) -> None:
        """Print the median of the milliseconds from a tap until what it opens is drawn."""
        times = []
        for _round in range(self.rounds):
            context = self.context(cookies, (1280, 800))
            page = slow_page(context)
            page.goto(self.base + path, wait_until="networkidle")
            page.evaluate(TAPPED, opens)
            page.locator(on).first.click()
            times.append(page.evaluate("window.tapped"))
            context.close()
        print(LINE.format(name, f"{statistics.median(times):.0f} ms", "", "", "", "<= 100"), flush=True)


def measure(port: int, parent: dict[str, str], account: dict[str, str], *, rounds: int) -> None:
    """Print the table of the slow telephone; `parent` and `account` are cookies of a parent and a class.

    With one round, as in a trial run, the first of its lines alone.
    """
    if find_chromium() is None:
        print("\nno Chromium was found: nothing is said of a slow telephone")
        return
    print(f"\nmedians of {rounds} loads")
    print(LINE.format(*HEAD))
    board = "/class/board/?view=staff"
    with chromium() as browser:
        telephone = Telephone(browser, port, rounds)
        telephone.paint("sign-in, cold", "/account/login/", {})
        if rounds == 1:
            return
        telephone.paint("newsfeed, cold", "/news/", parent)
        telephone.paint("board, cold (desktop)", board, account, size=(1280, 800))
        for name, path in (("newsfeed", "/news/"), ("messages", "/messages/"), ("points", "/points/")):
            telephone.paint(f"{name}, again", path, parent, first="/")
        telephone.paint("board, again", board, account, first=board)
        telephone.tap("tap a child until the sheet", board, account, on="label.pupil", opens="dialog[open]")
