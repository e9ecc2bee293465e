"""The second step of the demo's office and leaders, as their telephone would show it."""

import time

from playwright.sync_api import Page

from malpas.demo.factor import codes_of

_last: dict[str, float] = {}


def next_code(address: str) -> str:
    """A code that opens: newer than any that this person has used, for each opens once."""
    step = int(time.time() // 30)
    while _last.get(address, 0) >= step + 1:
        time.sleep(0.5)
        step = int(time.time() // 30)
    chosen = max(step - 1, int(_last.get(address, 0)) + 1)
    _last[address] = chosen
    return codes_of(address)[chosen - step + 1]


def take_second_step(page: Page, address: str) -> None:
    page.get_by_label("Code", exact=True).fill(next_code(address))
    page.get_by_role("button", name="Go on").click()
