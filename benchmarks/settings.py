"""The portal's settings with the reference views and a database that may be dropped."""

from malpas.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
DATABASES["default"]["NAME"] = "malpas_bench"  # noqa: F405
