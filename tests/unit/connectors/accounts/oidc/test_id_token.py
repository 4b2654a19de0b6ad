"""What an ID token has to say and by whom it has to be signed; anything else proves nothing."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import Key, KeySet, OctKey

from connectors.accounts.oidc.id_token import LEEWAY_S, Expected, UnknownKey, claims_of
from connectors.accounts.oidc.provider import NotProven
from tests.worlds.oidc_provider import edwards, elliptic, rsa

NOW = 1_800_000_000
KEYS = {"RS256": rsa(), "ES256": elliptic(), "EdDSA": edwards()}
KNOWN = KeySet(list(KEYS.values()))
EXPECTED = Expected("https://id.example", "grid36", "n-1", NOW)
RIGHT: dict[str, Any] = {
    "iss": "https://id.example", "aud": "grid36", "sub": "s-1", "nonce": "n-1", "exp": NOW + 300, "iat": NOW,
}  # fmt: skip


def made(algorithm: str = "RS256", key: Key | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
    key = key or KEYS[algorithm]
    said = {name: value for name, value in (RIGHT | claims).items() if value is not None}
    headers = {"alg": algorithm, "kid": key.kid} | (header or {})
    return jwt.encode({name: value for name, value in headers.items() if value}, said, key, algorithms=[algorithm])


def why_not(token: str, keys: KeySet = KNOWN) -> str:
    with pytest.raises(NotProven) as refusal:
        claims_of(token, keys, EXPECTED)
    return str(refusal.value)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # of the older name of EdDSA
@pytest.mark.parametrize("algorithm", list(KEYS))
def test_a_right_one_proves_who_it_is(algorithm: str) -> None:
    assert claims_of(made(algorithm), KNOWN, EXPECTED)["sub"] == "s-1"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - LEEWAY_S + 1}, {"iat": NOW + LEEWAY_S}, {"aud": ["grid36"]}, {"azp": "grid36"},
        {"aud": ["grid36", "other"], "azp": "grid36"}, {"nbf": NOW + LEEWAY_S}, {"exp": NOW + 1.5},
    ],
)  # fmt: skip
def test_clocks_may_differ_a_little_and_others_may_read_it_too(claims: dict[str, Any]) -> None:
    assert claims_of(made(**claims), KNOWN, EXPECTED)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"iss": "https://id.example/"}, "iss"), ({"iss": None}, "iss"), ({"aud": "other"}, "aud"),
        ({"aud": None}, "aud"), ({"aud": []}, "aud"), ({"aud": {"grid36": 1}}, "aud"),
        ({"aud": ["grid36", "other"]}, "azp"), ({"azp": "other"}, "azp"),
        ({"exp": NOW - LEEWAY_S}, "exp"), ({"exp": None}, "exp"), ({"exp": str(NOW + 9)}, "exp"),
        ({"exp": True}, "exp"), ({"exp": float("nan")}, "exp"),
        ({"iat": NOW + LEEWAY_S + 1}, "iat"), ({"iat": None}, "iat"), ({"nbf": NOW + LEEWAY_S + 1}, "nbf"),
        ({"nonce": "n-2"}, "nonce"), ({"nonce": None}, "nonce"), ({"nonce": 1}, "nonce"), ({"sub": ""}, "sub"),
        ({"sub": None}, "sub"),
    ],
)  # fmt: skip
def test_what_is_for_another_or_over_proves_nothing(claims: dict[str, Any], why: str) -> None:
    assert why_not(made(**claims)) == why


def test_without_a_signature_it_proves_nothing() -> None:
    parts = ({"alg": "none"}, RIGHT)
    text = ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in parts)
    for token in (f"{text}.", text, f"{text}.AAAA"):
        assert why_not(token)


def test_our_own_secret_and_the_public_key_sign_nothing() -> None:
    """HMAC with what others know, or with what we alone should know."""
    public = KEYS["RS256"].as_dict(private=False)["n"]
    for secret in ("the-client-secret-of-at-least-32-bytes", str(public)):
        assert why_not(made("HS256", OctKey.import_key(secret), {"kid": "rsa-1"})) == "alg"
    shared = OctKey.import_key("a" * 40, parameters={"kid": "oct-1"})
    assert why_not(made("HS256", shared), KeySet([shared])) == "alg"


def test_it_is_signed_by_a_key_of_the_provider() -> None:
    assert why_not(made(key=rsa())) == "BadSignatureError"  # the same name, another key
    with pytest.raises(UnknownKey):
        claims_of(made(key=rsa("new")), KNOWN, EXPECTED)
    with pytest.raises(UnknownKey):
        claims_of(made("ES256", header={"kid": "rsa-1"}), KNOWN, EXPECTED)


def test_a_key_for_something_else_is_not_taken() -> None:
    for parameters in ({"use": "enc"}, {"alg": "PS256"}):
        fields: dict[str, Any] = {**KEYS["RS256"].as_dict(private=True), **parameters}
        key = type(KEYS["RS256"]).import_key(fields)
        with pytest.raises(UnknownKey):
            claims_of(made(), KeySet([key]), EXPECTED)


def test_without_a_name_the_only_fitting_key_is_meant() -> None:
    assert claims_of(made(header={"kid": None}), KNOWN, EXPECTED)
    assert why_not(made(header={"kid": None}), KeySet([rsa("a"), rsa("b")])) == "key_not_named"


def test_nothing_of_it_may_be_changed() -> None:
    head, body, signature = made().split(".")
    other = made(sub="s-2").split(".")[1]
    assert why_not(f"{head}.{other}.{signature}") == "BadSignatureError"
    assert why_not(f"{head}.{body}.") == "BadSignatureError"
    assert why_not("a" * 30_000) == "too_long"


@given(token=st.one_of(st.text(), st.text().map(lambda text: f"{made()}{text or '.'}")))
def test_no_other_text_proves_anything(token: str) -> None:
    """Whatever comes, it is refused in words."""
    assert why_not(token)
