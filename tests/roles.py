"""The database role of the portal's processes, where a test starts one; the tests themselves own the tables."""

import os

from malpas.dev.servers.postgres import APP_USER, USER


def web_url(url: str = "") -> str:
    """Return the address of a database, of the tests' server by default, as web and workers get it."""
    return (url or os.environ["DATABASE_URL"]).replace(f"//{USER}@", f"//{APP_USER}@", 1)
