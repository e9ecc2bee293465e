"""Configure sign-in with Microsoft and Google: one tenant, one domain, or nothing (AU-6)."""

import re

TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
ORIGINS = {"microsoft": "https://login.microsoftonline.com", "google": "https://accounts.google.com"}
COMMON = {"fetch_userinfo": False, "oauth_pkce_enabled": True}


class IncompleteProvider(ValueError):
    """Raised when the environment names a provider, but not all of its settings."""


def microsoft(tenant: str, client_id: str, secret: str) -> list[dict]:
    """Return the app of the school's own tenant, given by its id; `common` would admit any tenant."""
    if not (tenant or client_id or secret):
        return []
    if not (TENANT.fullmatch(tenant.lower()) and client_id and secret):
        raise IncompleteProvider(
            "MICROSOFT_TENANT must be the number of the school's own tenant, with client id and secret."
        )
    own = {
        "server_url": f"{ORIGINS['microsoft']}/{tenant.lower()}/v2.0",
        "scope": ["openid"],
        "belongs": ["tid", tenant.lower()],
    }
    return [_app("microsoft", "Microsoft", client_id, secret, own)]


def google(domain: str, client_id: str, secret: str) -> list[dict]:
    """Return the app of the school's own Workspace domain; private Google accounts belong to none."""
    if not (domain or client_id or secret):
        return []
    if not (DOMAIN.fullmatch(domain.lower()) and client_id and secret):
        raise IncompleteProvider("GOOGLE_DOMAIN must be the school's own domain, with client id and secret.")
    own = {
        "server_url": ORIGINS["google"],
        "scope": ["openid", "email"],  # Google sends the domain only with the address, which is not stored
        "auth_params": {"hd": domain.lower()},
        "belongs": ["hd", domain.lower()],
    }
    return [_app("google", "Google", client_id, secret, own)]


def _app(provider_id: str, name: str, client_id: str, secret: str, own: dict) -> dict:
    return {
        "provider_id": provider_id,
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": COMMON | own,
    }
