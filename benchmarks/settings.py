"""The portal's settings, with the reference views beside its pages and a database that may be thrown away."""

from malpas.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
DATABASES["default"]["NAME"] = "malpas_bench"  # noqa: F405
