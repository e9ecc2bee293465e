"""An OpenID Connect provider on loopback with real RS256 signatures."""

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from jwt.algorithms import RSAAlgorithm

TENANT = "0c8f6a52-3d41-4b7e-9f10-5d2e6c7a8b90"
BACK = "/account/with/microsoft/back/"
KEYS = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]


@dataclass
class Provider:
    """The provider's answers; `claims` change token claims, or remove them (None)."""

    url: str = ""
    subject: str = "subject-of-tegid"
    claims: dict = field(default_factory=dict)
    key: int = 0
    requested: dict = field(default_factory=dict)  # the question that the browser brought
    tokens: int = 0

    def token(self) -> str:
        claims = {
            "iss": self.url, "aud": "malpas", "sub": self.subject, "tid": TENANT, "hd": "school.example",
            "iat": int(time.time()), "exp": int(time.time()) + 300,
        }  # fmt: skip
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        return jwt.encode(claims, KEYS[self.key], "RS256", headers={"kid": "one"})

    def proves(self, sent: dict) -> bool:
        """Return whether the PKCE verifier belongs to the code."""
        made = hashlib.sha256(sent.get("code_verifier", [""])[0].encode()).digest()
        right = base64.urlsafe_b64encode(made).rstrip(b"=").decode() == self.requested.get("code_challenge")
        return right and sent["client_secret"] == ["secret"]

    def answer(self, path: str, body: str) -> tuple[int, dict]:
        if path.endswith("/openid-configuration"):
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return 200, {"issuer": self.url} | {name: f"{self.url}/{end}" for name, end in ends.items()}
        if path == "/keys":
            public = json.loads(RSAAlgorithm.to_jwk(KEYS[0].public_key()))
            return 200, {"keys": [public | {"kid": "one", "alg": "RS256"}]}
        self.tokens += 1
        if not self.proves(parse_qs(body)):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "nothing", "id_token": self.token()}


def serve(provider: Provider) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            status, answer = provider.answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    return server


def go(browser: Client, provider: Provider, path: str = "/account/with/microsoft/") -> str:
    """Start the sign-in and return the state that must come back."""
    answer = browser.post(path)
    assert answer.status_code == 302 and answer.url.startswith(f"{provider.url}/authorize?"), answer
    provider.requested = {name: value[0] for name, value in parse_qs(urlsplit(answer.url).query).items()}
    return provider.requested["state"]


def through(browser: Client, provider: Provider, path: str = "/account/with/microsoft/"):
    """Go through the whole sign-in and return the portal's last response."""
    return browser.get(BACK, {"state": go(browser, provider, path), "code": "a-code"})
