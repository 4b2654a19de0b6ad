"""The flow: where to send a browser, and who came back. The provider is asked for its description when needed."""

import asyncio
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.accounts.oidc.asking import ask
from connectors.accounts.oidc.attempt import Attempt, Returned
from connectors.accounts.oidc.id_token import Expected, UnknownKey, claims_of
from connectors.accounts.oidc.provider import NotProven, Provider, ProviderAway, may_be_asked
from schemas.names import Language

KEPT_S: Final = 3600.0
"""How long its description and keys are taken as they were (s)."""
AGAIN_S: Final = 30.0
"""How soon its keys are asked for again, when a token names one that is not among them (s)."""


FAILED_S: Final = 1.0
"""How long all who ask are told that it is away, after it was (s)."""


class Described(BaseModel):
    """What of the provider's description is used (OpenID Connect Discovery 1.0)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class OidcClient:
    """This system as a client of one provider. Use it inside one event loop."""

    def __init__(self, provider: Provider, clock: Callable[[], float] = time.time) -> None:
        self.provider, self.now_s = provider, clock
        self._described: tuple[float, Described] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._failed: tuple[float, str] = (0.0, "")
        self._alone = asyncio.Lock()
        """Held while it is asked for its description or its keys: many who sign in at once ask once."""

    async def leave_for(self, attempt: Attempt, back: str, language: Language) -> str:
        """The address at the provider where the person signs in; it leads `back`. Raises `ProviderAway`."""
        described = await self._description()
        asked = {
            "response_type": "code", "client_id": self.provider.client, "redirect_uri": back,
            "scope": "openid profile", "state": attempt.state, "nonce": attempt.nonce,
            "code_challenge": attempt.challenge, "code_challenge_method": "S256",
            "ui_locales": language.value,
        }  # fmt: skip
        return _with(described.authorization_endpoint, asked)

    async def who(self, attempt: Attempt, returned: Returned, back: str) -> str:
        """Who came back: the value of the provider's claim, "" where it has none.

        Raises `ProviderAway` and `NotProven`.
        """
        described = await self._description()
        if returned.issuer != described.issuer and (
            returned.issuer or described.authorization_response_iss_parameter_supported
        ):
            raise NotProven("iss_of_answer")
        tokens = await self._exchange(described, attempt, returned.code, back)
        expected = Expected(described.issuer, self.provider.client, attempt.nonce, self.now_s())
        claims = await self._proven(str(tokens.get("id_token", "")), described, expected)
        claim = self.provider.claim
        if claim not in claims and described.userinfo_endpoint and isinstance(tokens.get("access_token"), str):
            claims = await self._more(described, claims, tokens["access_token"])
        found = claims.get(claim)
        return found if isinstance(found, str) else ""

    async def sign_out_at(self, back: str) -> str:
        """The address at the provider that ends the session there, "" where it has none. Raises `ProviderAway`."""
        described = await self._description()
        if not described.end_session_endpoint:
            return ""
        asked = {"client_id": self.provider.client, "post_logout_redirect_uri": back}
        return _with(described.end_session_endpoint, asked)

    async def _description(self) -> Described:
        async with self._alone:
            now = self.now_s()
            if self._described is not None and now - self._described[0] < KEPT_S:
                return self._described[1]
            failed_s, why = self._failed
            if now - failed_s < FAILED_S:
                raise ProviderAway(why)
            try:
                found = await self._describe()
            except ProviderAway as fault:
                self._failed = self.now_s(), str(fault)
                raise
            self._described = now, found
            return found

    async def _describe(self) -> Described:
        issuer = self.provider.issuer
        status, found = await ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            described = Described.model_validate(found)
        except ValidationError:
            raise ProviderAway(f"{issuer} answers {status} and no description of a provider") from None
        if described.issuer != issuer:
            raise ProviderAway(f"it calls itself {described.issuer[:200]}, not {issuer}")
        addresses = (described.authorization_endpoint, described.token_endpoint, described.jwks_uri)
        optional = (described.userinfo_endpoint, described.end_session_endpoint)
        if not all(may_be_asked(each) for each in (*addresses, *filter(None, optional))):
            raise ProviderAway(f"{issuer} names an address that is not https")
        return described

    async def _exchange(self, described: Described, attempt: Attempt, code: str, back: str) -> Mapping[str, Any]:
        provider = self.provider
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": attempt.verifier,
        }  # fmt: skip
        headers = {}
        if provider.secret and "client_secret_basic" in described.token_endpoint_auth_methods_supported:
            both = f"{quote(provider.client, safe='')}:{quote(provider.secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(both.encode()).decode()}"
        else:
            form["client_id"] = provider.client
            form |= {"client_secret": provider.secret} if provider.secret else {}
        status, found = await ask(described.token_endpoint, form=form, headers=headers)
        if status in {400, 401, 403}:
            error = str(found.get("error", ""))
            if error in {"invalid_client", "unauthorized_client"}:
                raise ProviderAway(f"it does not know us ({error}): check the client and its secret")
            raise NotProven("code")
        if status != 200:
            raise ProviderAway(f"{described.token_endpoint} answers {status}")
        return found

    async def _proven(self, token: str, described: Described, expected: Expected) -> Mapping[str, Any]:
        """Its claims; once more with new keys where it names one that is not known."""
        try:
            return claims_of(token, await self._key_set(described, KEPT_S), expected)
        except UnknownKey:
            return claims_of(token, await self._key_set(described, AGAIN_S), expected)

    async def _key_set(self, described: Described, kept_s: float) -> KeySet:
        async with self._alone:
            now = self.now_s()
            if self._keys is None or now - self._keys[0] >= kept_s:
                status, found = await ask(described.jwks_uri)
                try:
                    self._keys = now, KeySet.import_key_set({"keys": list(found["keys"])})
                except (JoseError, KeyError, TypeError, ValueError):
                    raise ProviderAway(f"{described.jwks_uri} answers {status} and no keys") from None
            return self._keys[1]

    async def _more(self, described: Described, claims: Mapping[str, Any], access: str) -> Mapping[str, Any]:
        """What the provider says of the same person beside the token."""
        status, found = await ask(described.userinfo_endpoint, headers={"Authorization": f"Bearer {access}"})
        if status != 200:
            raise ProviderAway(f"{described.userinfo_endpoint} answers {status}")
        if found.get("sub") != claims["sub"]:
            raise NotProven("sub_of_userinfo")
        return found


def _with(address: str, parameters: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
