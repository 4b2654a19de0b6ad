"""A provider of OpenID Connect whose tokens a test makes itself, right or wrong, on a real port."""

import base64
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from connectors.accounts.oidc.provider import Provider

CLIENT, SECRET, BACK = "grid36", "s3cr:t/ö", "http://127.0.0.1/sign-in/oidc/back"


def rsa(kid: str = "rsa-1") -> Key:
    """A key for RS256."""
    return RSAKey.generate_key(2048, parameters={"kid": kid, "use": "sig"})


def elliptic(kid: str = "ec-1") -> Key:
    """A key for ES256."""
    return ECKey.generate_key("P-256", parameters={"kid": kid})


def edwards(kid: str = "ed-1") -> Key:
    """A key for EdDSA."""
    return OKPKey.generate_key("Ed25519", parameters={"kid": kid})


@dataclass
class FakeProvider:
    """What it answers may be changed at any time."""

    keys: list[Key] = field(default_factory=lambda: [rsa()])
    claims: dict[str, Any] = field(default_factory=dict)
    """Beside or instead of the right ones; None leaves one out."""
    described: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    signed_by: Key | None = None
    token: str | None = None
    """Instead of a token that it makes."""
    userinfo: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """Codes that were not used yet, and for what they were given."""

    def signs_in(self, there: str) -> dict[str, str]:
        """Somebody signs in on the page to which they were sent: what their browser brings back."""
        wanted = dict(parse_qsl(urlsplit(there).query))
        code = f"code-{len(self.codes)}-{wanted['state'][:8]}"
        self.codes[code] = wanted
        return {"code": code, "state": wanted["state"], "iss": self.url}

    def id_token(self, nonce: str) -> str:
        """The right one, but for what `claims` and `header` say."""
        if self.token is not None:
            return self.token
        now, key = int(time.time()), self.signed_by or self.keys[0]
        right = {
            "iss": self.url, "aud": CLIENT, "sub": "s-1", "exp": now + 300, "iat": now, "nonce": nonce,
            "preferred_username": "supervisor-01",
        }  # fmt: skip
        claims = {name: value for name, value in (right | self.claims).items() if value is not None}
        algorithm = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA", "oct": "HS256"}[key.key_type]
        header = {"alg": algorithm, "kid": key.kid} | self.header
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])

    async def _describe(self, request: web.Request) -> web.StreamResponse:
        self.asked.append("description")
        right = {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/out", "authorization_response_iss_parameter_supported": True,
        }  # fmt: skip
        return web.json_response(right | self.described)

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        self.asked.append("keys")
        return web.json_response({"keys": [key.as_dict(private=False) for key in self.keys]})

    async def _token(self, request: web.Request) -> web.StreamResponse:
        self.asked.append("token")
        form = await request.post()
        both = base64.b64encode(b"grid36:s3cr%3At%2F%C3%B6").decode()
        if request.headers.get("Authorization") != f"Basic {both}":
            return web.json_response({"error": "invalid_client"}, status=401)
        wanted = self.codes.pop(str(form.get("code")), None)
        verifier = sha256(str(form.get("code_verifier")).encode()).digest()
        proven = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if wanted is None or wanted["code_challenge"] != proven or wanted["redirect_uri"] != form.get("redirect_uri"):
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response(
            {"id_token": self.id_token(wanted["nonce"]), "access_token": "a", "token_type": "Bearer"}
        )

    async def _userinfo(self, request: web.Request) -> web.StreamResponse:
        self.asked.append("userinfo")
        assert request.headers["Authorization"] == "Bearer a"
        return web.json_response(self.userinfo)


@asynccontextmanager
async def oidc_provider() -> AsyncIterator[FakeProvider]:
    """A provider that listens."""
    fake, app = FakeProvider(), web.Application()
    app.add_routes([
        web.get("/.well-known/openid-configuration", fake._describe), web.get("/keys", fake._keys),
        web.post("/token", fake._token), web.get("/userinfo", fake._userinfo),
    ])  # fmt: skip
    async with TestServer(app) as server:
        fake.url = str(server.make_url("")).rstrip("/")
        yield fake


def registered(fake: FakeProvider, **fields: Any) -> Provider:
    """This system as it is registered there."""
    return Provider(fake.url, CLIENT, SECRET, **fields)
