"""Put before everything else of a process that lives by a moved hand: it sleeps by a call that libfaketime leaves alone.

Python sleeps until a moment of CLOCK_MONOTONIC, which libfaketime 0.9.10 reads as one of the moved clock.
"""

import select
import time

time.sleep = lambda seconds: select.select([], [], [], seconds) and None
