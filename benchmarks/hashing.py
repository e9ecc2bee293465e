"""Time 150 sign-ins with the portal's password hasher and with Django's default.

`python -m benchmarks.hashing`
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import django

SIGN_INS = 150
CORES = 2


def seconds(hasher) -> tuple[float, float]:
    """Return (wall, processor) seconds for the sign-ins on two cores; Argon2 releases the interpreter's lock."""
    encoded = hasher.encode("three cereal boxes", hasher.salt())
    wall, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(CORES) as pool:
        assert all(pool.map(lambda _n: hasher.verify("three cereal boxes", encoded), range(SIGN_INS)))
    return time.perf_counter() - wall, time.process_time() - cpu


def report() -> list[str]:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from accounts.sign_in.hashers import PortalArgon2Hasher

    ours, djangos = seconds(PortalArgon2Hasher()), seconds(Argon2PasswordHasher())
    each, times = 1000 * ours[1] / SIGN_INS, djangos[1] / ours[1]
    return [
        f"{SIGN_INS} sign-ins, {CORES} at a time: {ours[0]:.1f} s",
        f"processor time: {ours[1]:.1f} s, {each:.0f} ms each; Django's own setting takes {times:.1f} times that",
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "malpas.settings")
    django.setup()
    print(*report(), sep="\n")
