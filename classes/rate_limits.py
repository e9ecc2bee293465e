"""Define the rate limits of pages without sign-in: codes, cards, pictures.

Policy: PA-1, PU-4.
"""

from accounts.sessions.rate_limits import (
    QUARTER,
    Limit,
    RateLimit,
    RateLimited,
    address_of,
    forget_local_counts,
)

# Many people may share an IP address: limit people first, addresses generously.
JOIN_PERSON = Limit("join-person", 10, QUARTER)
JOIN_ADDRESS = Limit("join-address", 40, QUARTER, notifies=True)
JOIN_ALL = Limit("join-all", 600, 3600, notifies=True)
CARD_ADDRESS = Limit("card-address", 60, QUARTER)
CARD_ALL = Limit("card-all", 1000, 3600)
# At a class account, over all names; the database counts the wrong PINs of each name besides.
PIN_DEVICE = Limit("pin-device", 10, QUARTER)
PIN_ADDRESS = Limit("pin-address", 30, QUARTER)
# There are few picture codes, so the database counts each pupil's wrong ones besides (pupil_access.rules).
PICTURES_CLASS = Limit("pictures-class", 60, 3600)
PICTURES_ADDRESS = Limit("pictures-address", 60, QUARTER)
PICTURES_ALL = Limit("pictures-all", 600, 3600)

__all__ = ["Limit", "RateLimit", "RateLimited", "address_of", "forget_local_counts"]
