"""The hasher of passwords and PINs."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane.

    So a morning of sign-ins fits in memory.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
