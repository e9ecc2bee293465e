"""Accessibility faults of a page in the browser, as axe finds them."""

from axe_playwright_python.sync_playwright import Axe

# Every rule runs; only what passes is not described, which takes half of axe's time.
OPTIONS = {"resultTypes": ["violations"]}


def axe_faults(page) -> list[str]:
    """Return 'address: rule [elements]' for each rule that this page breaks."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{page.url}: {fault['id']} {[node['html'][:90] for node in fault['nodes'][:3]]}" for fault in found
    ]
