"""What an ID token proves: pure, given the provider's keys and the time. OpenID Connect Core 1.0, section 3.1.3.7."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import Key, KeySet

from connectors.accounts.oidc.provider import NotProven

KEY_TYPES: Final = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    **dict.fromkeys(("EdDSA", "Ed25519"), "OKP"),
}
"""By algorithm. By the provider's private key only: `none` proves nothing, and HMAC would make our secret its key."""
LEEWAY_S: Final = 60
"""How far two clocks may differ (s)."""
MOST_CHARACTERS: Final = 20_000


class UnknownKey(NotProven):
    """The token names a key that is not among those known: the provider may have a new one."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token has to say."""

    issuer: str
    client: str
    nonce: str
    now_s: float


def claims_of(token: str, keys: KeySet, expected: Expected) -> Mapping[str, Any]:
    """The claims of a token that is signed by the provider, for us, now, and for this very attempt.

    Raises `UnknownKey` and `NotProven`.
    """
    if len(token) > MOST_CHARACTERS:
        raise NotProven("too_long")
    claims = _signed(token, keys)
    _check_audience(claims, expected)
    _check_times(claims, expected.now_s)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not compare_digest(nonce.encode(), expected.nonce.encode()):
        raise NotProven("nonce")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotProven("sub")
    return claims


def _signed(token: str, keys: KeySet) -> Mapping[str, Any]:
    try:
        header = jws.extract_compact(token.encode()).headers()
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in KEY_TYPES:
            raise NotProven("alg")
        fitting = [key for key in keys.keys if _fits(key, algorithm, kid)]
        if not fitting:
            raise UnknownKey("kid")
        if len(fitting) > 1:
            raise NotProven("key_not_named")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # EdDSA has a newer name, and is as good
            return jwt.decode(token, fitting[0], algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError) as fault:
        raise NotProven(type(fault).__name__) from None


def _fits(key: Key, algorithm: str, kid: object) -> bool:
    named = kid is None or key.kid == kid
    meant = key.get("use") in {None, "sig"} and key.get("alg") in {None, algorithm}
    return named and meant and key.key_type == KEY_TYPES[algorithm]


def _check_audience(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise NotProven("iss")
    audience, party = claims.get("aud"), claims.get("azp")
    for_whom = [audience] if isinstance(audience, str) else audience
    if not isinstance(for_whom, list) or expected.client not in for_whom:
        raise NotProven("aud")
    if party != expected.client and (party is not None or len(for_whom) > 1):
        raise NotProven("azp")


def _check_times(claims: Mapping[str, Any], now_s: float) -> None:
    if not _time(claims, "exp") > now_s - LEEWAY_S:
        raise NotProven("exp")
    if not _time(claims, "iat") <= now_s + LEEWAY_S:
        raise NotProven("iat")
    if "nbf" in claims and not _time(claims, "nbf") <= now_s + LEEWAY_S:
        raise NotProven("nbf")


def _time(claims: Mapping[str, Any], name: str) -> float:
    """Seconds since the epoch. Raises `NotProven`."""
    given = claims.get(name)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise NotProven(name)
    return given
