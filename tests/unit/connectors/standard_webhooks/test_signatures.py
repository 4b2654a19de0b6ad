"""Signatures against `standardwebhooks`, both ways."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from connectors.standard_webhooks.signatures import (
    ID,
    NoKeyError,
    NotSignedError,
    WrongTimeError,
    key_of,
    signature,
    verify,
)
from tests.worlds.webhook_partner import OLD_SECRET, SECRET, signed

NOW_S = 1_800_000_000
KEY, OLD_KEY = key_of(SECRET), key_of(OLD_SECRET)
IDS = st.from_regex(ID, fullmatch=True)


def check(headers: dict[str, str], body: bytes, *keys: bytes, now_s: float = NOW_S) -> None:
    names = ("id", "timestamp", "signature")
    id, timestamp, signatures = (headers[f"webhook-{name}"] for name in names)
    verify(keys or (KEY,), id, timestamp, signatures, body, now_s=now_s, window_s=300)


@given(IDS, st.text(max_size=200))
def test_what_the_other_one_signs_is_accepted(id: str, text: str) -> None:
    check(signed(text.encode("utf-8", "replace"), id, t_s=NOW_S), text.encode("utf-8", "replace"))


@given(IDS, st.text(max_size=200))
def test_what_we_sign_the_other_one_accepts(id: str, text: str) -> None:
    """With both secrets, while the receiver changes over."""
    body, now_s = text.encode("utf-8", "replace"), int(datetime.now(UTC).timestamp())
    headers = {"webhook-id": id, "webhook-timestamp": str(now_s)}
    headers["webhook-signature"] = signature((KEY, OLD_KEY), id, now_s, body)
    for secret in (SECRET, OLD_SECRET):
        Webhook(secret).verify(body, headers, json_parse=False)


def test_two_secrets_are_good_while_senders_change_over() -> None:
    headers = signed(b"{}", "m", OLD_SECRET, NOW_S)
    check(headers, b"{}", KEY, OLD_KEY)
    with pytest.raises(NotSignedError):
        check(headers, b"{}", KEY)


def test_one_of_several_signatures_is_enough() -> None:
    good = signed(b"{}", "m", t_s=NOW_S)
    several = f"v1a,abc v1,AAAA v1 v1,% {good['webhook-signature']} v2,x"
    check(good | {"webhook-signature": several}, b"{}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook-id": "n"}, {"webhook-id": ""}, {"webhook-id": "m.1"}, {"webhook-id": "ü"},
        {"webhook-timestamp": str(NOW_S + 1)}, {"webhook-timestamp": ""}, {"webhook-timestamp": f"{NOW_S}.5"},
        {"webhook-timestamp": f" {NOW_S}"}, {"webhook-timestamp": "١٢٣"}, {"webhook-signature": ""},
        {"webhook-signature": "v1,"}, {"webhook-signature": "v1"}, {"webhook-signature": "v1,a,b"},
        {"webhook-signature": "v1,ü"},
    ],
)  # fmt: skip
def test_anything_else_is_not_signed(wrong: dict[str, str]) -> None:
    with pytest.raises(NotSignedError):
        check(signed(b"{}", "m", t_s=NOW_S) | wrong, b"{}")


def test_another_body_is_not_signed() -> None:
    with pytest.raises(NotSignedError):
        check(signed(b"{}", "m", t_s=NOW_S), b"{} ")


@pytest.mark.parametrize("now_s", [NOW_S - 301, NOW_S + 301])
def test_a_signature_of_another_time(now_s: int) -> None:
    check(signed(b"{}", "m", t_s=NOW_S), b"{}", now_s=NOW_S + 299)
    with pytest.raises(WrongTimeError):
        check(signed(b"{}", "m", t_s=NOW_S), b"{}", now_s=now_s)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_any_headers_are_refused_with_one_error(id: str, timestamp: str, signatures: str) -> None:
    with pytest.raises(NotSignedError):
        verify((KEY,), id, timestamp, signatures, b"", now_s=NOW_S, window_s=300)


@given(st.binary(min_size=24, max_size=64), st.booleans(), st.booleans())
def test_a_secret_with_and_without_its_ornaments(key: bytes, prefixed: bool, padded: bool) -> None:
    encoded = base64.b64encode(key).decode()
    assert key_of(("whsec_" if prefixed else "") + (encoded if padded else encoded.rstrip("="))) == key


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_AAAA", "whsec_ü", "!" * 40])
def test_what_is_no_secret(secret: str) -> None:
    with pytest.raises(NoKeyError):
        key_of(secret)
