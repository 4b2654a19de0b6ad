"""The codes of an app: right about now, once, by the standard."""

from base64 import b32encode

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.accounts.one_time_code import STEP_MS, address_of, new_secret, step_of

SECRET = b32encode(b"12345678901234567890").decode()
"""Of the examples in RFC 6238, appendix B."""


@pytest.mark.parametrize(("second", "code"), [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")])
def test_the_codes_are_those_of_the_standard(second: int, code: str) -> None:
    assert step_of(SECRET, code, second * 1000, 0) == second * 1000 // STEP_MS


def test_a_clock_may_be_wrong_by_one_code() -> None:
    now = 1_000_000 * STEP_MS
    taken = [step_of(SECRET, pyotp.TOTP(SECRET).generate_otp(1_000_000 + off), now, 0) for off in (-2, -1, 0, 1, 2)]
    assert taken == [None, 999_999, 1_000_000, 1_000_001, None]


def test_a_code_works_once() -> None:
    """Nor one before the last that was used."""
    now = 1_000_000 * STEP_MS
    before, present = (pyotp.TOTP(SECRET).generate_otp(1_000_000 + off) for off in (-1, 0))
    assert step_of(SECRET, present, now, 1_000_000) is None
    assert step_of(SECRET, before, now, 1_000_000) is None
    assert step_of(SECRET, f" {present[:3]} {present[3:]}", now, 999_999) == 1_000_000


@given(code=st.text())
def test_no_other_text_is_a_code(code: str) -> None:
    now = 1_000_000 * STEP_MS
    right = {pyotp.TOTP(SECRET).generate_otp(1_000_000 + off) for off in (-1, 0, 1)}
    assert step_of(SECRET, code, now, 0) is None or "".join(code.split()) in right


def test_an_app_reads_the_address() -> None:
    secret = new_secret()
    read = pyotp.parse_uri(address_of(secret, "chen", "Grid36 示例街道"))
    assert (read.secret, read.name, read.issuer) == (secret, "chen", "Grid36 示例街道")
    assert new_secret() != secret
