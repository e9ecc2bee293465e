"""`python -m malpas.web.health HOST:PORT`: ask the web process for /health/ as the proxy would."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit


def is_healthy(bind: str, public_url: str = "", timeout: float = 5) -> bool:
    """Return whether the process behind HOST:PORT answers 200 when asked for `public_url`, as the proxy asks."""
    port = bind.rpartition(":")[2]
    public = urlsplit(public_url or f"http://127.0.0.1:{port}")
    headers = {"Host": public.netloc, "X-Forwarded-Proto": public.scheme}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/health/", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if is_healthy(sys.argv[1], os.environ.get("PUBLIC_URL", "")) else 1)
