"""Signing in through an OpenID Connect provider: code flow with PKCE, and every claim of the answer checked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests

from khien.access.config import OpenIdSettings
from khien.access.errors import ProviderRefused
from khien.kernel.language import Text
from khien.kernel.vietnamese import nfc
from khien.org.models import User

logger = logging.getLogger("khien.access")
# Signatures of the provider's key pair only: never "none", never one made with a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
_SECONDS = 5
_BYTES_MAX = 256 * 1024
_LEEWAY_SECONDS = 60
JOURNEY_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Journey:
    """What is kept while the person is at the provider; all of it stays in our session."""

    state: str
    nonce: str
    verifier: str
    onward: str
    began: int

    def as_dict(self) -> dict[str, Any]:
        """Return it for the session."""
        return asdict(self)


def begin(config: OpenIdSettings, *, back: str, onward: str, now: datetime) -> tuple[str, Journey]:
    """Return the address at the provider to send the person to, and what to keep until they come back.

    Raises: ProviderRefused: the provider does not answer, or not as itself
    """
    about = _discovered(config)
    journey = Journey(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=secrets.token_urlsafe(48),
        onward=onward,
        began=int(now.timestamp()),
    )
    digest = hashlib.sha256(journey.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": config.client_id,
        "redirect_uri": back,
        "scope": " ".join(config.scopes),
        "state": journey.state,
        "nonce": journey.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{about['authorization_endpoint']}?{urlencode(query)}", journey


def arrive(
    config: OpenIdSettings,
    journey: Mapping[str, Any],
    answer: Mapping[str, str],
    *,
    back: str,
    now: datetime,
) -> User:
    """Return our user whom the provider names; nobody is ever created.

    Raises: ProviderRefused: any check of the answer fails, or nobody here has that name
    """
    given = answer.get("state", "").encode()
    if not hmac.compare_digest(given, str(journey["state"]).encode()):
        raise _refused(config, "trạng thái không khớp", "the state does not match")
    if now.timestamp() - journey["began"] > JOURNEY_SECONDS:
        raise _refused(config, "đã quá thời gian", "it took too long")
    if not answer.get("code"):
        raise _refused(config, "nơi cấp danh tính từ chối", "the provider refused")
    about = _discovered(config)
    token = _token(config, about, answer["code"], str(journey["verifier"]), back=back)
    claims = _claims(config, about, token)
    if not hmac.compare_digest(str(claims.get("nonce", "")), str(journey["nonce"])):
        raise _refused(config, "nonce không khớp", "the nonce does not match")
    return _user(config, claims)


def _user(config: OpenIdSettings, claims: Mapping[str, Any]) -> User:
    name = claims.get(config.username_claim)
    user = None
    if isinstance(name, str) and name:
        user = User.objects.filter(username=nfc(name), is_active=True).first()
    if user is None:
        logger.warning("openid names nobody here claim=%s", config.username_claim)
        raise _refused(
            config,
            "chưa có tài khoản Khiên nào mang tên này",
            "no account of Khiên has this name",
        )
    return user


def _claims(config: OpenIdSettings, about: Mapping[str, Any], token: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError("algorithm not allowed")
        key = _key(config, about, str(header.get("kid", "")))
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key.key,
            algorithms=[str(header["alg"])],
            audience=config.client_id,
            issuer=config.issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as error:
        logger.warning("openid token refused: %s", error)
        raise _refused(
            config, f"mã danh tính sai ({error})", f"the identity token is wrong ({error})"
        ) from error
    party = claims.get("azp")
    if party not in (None, config.client_id) or (
        isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and party is None
    ):
        raise _refused(config, "mã danh tính cấp cho nơi khác", "the token is for somebody else")
    return claims


def _key(config: OpenIdSettings, about: Mapping[str, Any], kid: str) -> jwt.PyJWK:
    keys = _get(config, str(about["jwks_uri"])).get("keys", [])
    fitting = [k for k in keys if k.get("kid", "") == kid and k.get("use", "sig") == "sig"]
    if len(fitting) != 1:
        raise _refused(config, "không có khóa ký này", "there is no such signing key")
    return jwt.PyJWK(fitting[0])


def _token(
    config: OpenIdSettings, about: Mapping[str, Any], code: str, verifier: str, *, back: str
) -> str:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": config.client_id,
        "code_verifier": verifier,
    }
    secret = (config.client_id, config.client_secret) if config.client_secret else None
    answer = _json(config, "POST", str(about["token_endpoint"]), data=form, auth=secret)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise _refused(config, "không nhận được mã danh tính", "no identity token came")
    return token


def _discovered(config: OpenIdSettings) -> dict[str, Any]:
    about = _get(config, f"{config.issuer}/.well-known/openid-configuration")
    if str(about.get("issuer", "")).rstrip("/") != config.issuer:
        raise _refused(config, "nơi cấp xưng tên khác", "the provider gives itself another name")
    is_secure = urlsplit(config.issuer).scheme == "https"
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        address = urlsplit(str(about.get(name, "")))
        if not address.hostname or (is_secure and address.scheme != "https"):
            raise _refused(config, f"thiếu {name}", f"{name} is missing")
    return about


def _get(config: OpenIdSettings, address: str) -> dict[str, Any]:
    return _json(config, "GET", address)


def _json(config: OpenIdSettings, method: str, address: str, **more: Any) -> dict[str, Any]:
    try:
        with requests.request(
            method, address, timeout=_SECONDS, allow_redirects=False, stream=True, **more
        ) as answer:
            body = answer.raw.read(_BYTES_MAX + 1, decode_content=True)
            if answer.status_code != requests.codes.ok or len(body) > _BYTES_MAX:
                raise _refused(config, f"HTTP {answer.status_code}", f"HTTP {answer.status_code}")
        found = json.loads(body)
    except (requests.RequestException, ValueError) as error:
        logger.warning("openid provider %s: %s", address, error)
        raise _refused(config, "không liên lạc được", "it cannot be reached") from error
    if not isinstance(found, dict):
        raise _refused(config, "trả lời không đọc được", "its answer cannot be read")
    return found


def _refused(config: OpenIdSettings, vi: str, en: str) -> ProviderRefused:
    return ProviderRefused(provider=config.name, why=Text(vi, en))
