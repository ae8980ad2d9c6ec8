"""A small OpenID provider on loopback: discovery, keys, code flow with PKCE; it lies on request."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Provider:
    """Signs in whoever `person` says; `lie` names what is wrong with its next token."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person, self.lie, self.secret = "lan", "", "bi-mat-cua-khien"
        self.asked: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.answer(self, "GET", b"")

            def do_POST(self) -> None:
                owner.answer(self, "POST", self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: Any, method: str, body: bytes) -> None:
        place = urlsplit(request.path)
        found: Any = None
        if place.path == "/.well-known/openid-configuration":
            found = self.about()
        elif place.path == "/keys":
            found = {
                "keys": [
                    json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
                    | {"kid": "k1", "use": "sig"}
                ]
            }
        elif place.path == "/token" and method == "POST":
            found = self.token({k: v[0] for k, v in parse_qs(body.decode()).items()}, request)
        data = json.dumps(found).encode()
        request.send_response(200 if found is not None else 400)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    def about(self) -> dict[str, str]:
        name = "https://somebody.example" if self.lie == "discovery" else self.issuer
        places = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
        }
        return {"issuer": name} | {k: self.issuer + v for k, v in places.items()}

    def authorise(self, address: str) -> dict[str, str]:
        """Do what the person does at the provider: sign in, and be sent back with a code."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form: dict[str, str], request: Any) -> dict[str, str] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        basic = base64.b64encode(f"khien:{self.secret}".encode()).decode()
        is_right = (
            proof == asked["code_challenge"]
            and form["redirect_uri"] == asked["redirect_uri"]
            and request.headers["Authorization"] == f"Basic {basic}"
        )
        return {"id_token": self.signed(asked)} if is_right else None

    def signed(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": "khien",
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "preferred_username": self.person,
        }
        claims |= {
            "nonce": {"nonce": "khac"},
            "no nonce": {"nonce": None},
            "aud": {"aud": "somebody"},
            "two audiences": {"aud": ["khien", "somebody"]},
            "azp": {"azp": "somebody"},
            "iss": {"iss": "http://somebody.example"},
            "exp": {"exp": now - 3600},
        }.get(self.lie, {})
        if self.lie == "alg none":
            return jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"})
        if self.lie == "shared secret":
            return jwt.encode(
                claims, self.secret.ljust(32, "x"), algorithm="HS256", headers={"kid": "k1"}
            )
        key = self.key
        if self.lie == "other key":
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        kid = "k2" if self.lie == "kid" else "k1"
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})
