from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane: a morning of sign-ins must not fill the memory of two cores."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
