"""The second step of the demo's office and leaders, as their telephone would show it."""

import time

from playwright.sync_api import Page

from malpas.demo.mfa import codes_of

STEP, TO_TYPE = 30, 5  # seconds
_last: dict[str, float] = {}


def _step() -> int:
    """The number of these thirty seconds. They are not nearly over: the oldest code that opens ends with them."""
    left = STEP - time.time() % STEP
    if left < TO_TYPE:
        time.sleep(left)
    return int(time.time() // STEP)


def next_code(address: str) -> str:
    """A code that opens: newer than any that this person has used, for each opens once."""
    step = _step()
    while _last.get(address, 0) >= step + 1:
        time.sleep(0.5)
        step = _step()
    chosen = max(step - 1, int(_last.get(address, 0)) + 1)
    _last[address] = chosen
    return codes_of(address)[chosen - step + 1]


def forget_codes() -> None:
    """Forget which codes were used, as the school does that begins anew."""
    _last.clear()


def enter_mfa_code(page: Page, address: str) -> None:
    page.get_by_label("Code", exact=True).fill(next_code(address))
    page.get_by_role("button", name="Go on").click()
