"""The six digits that an app shows beside the password (TOTP, RFC 6238)."""

from secrets import compare_digest
from typing import Final

import pyotp

STEP_MS: Final = 30_000
"""How long the app shows one code."""
_LATE: Final = 1
"""By how many codes a clock may be wrong, either way."""


def new_secret() -> str:
    """What the app and we compute from. It has to be stored as it is: a digest of it gives no codes."""
    return pyotp.random_base32()


def address_of(secret: str, login: str, issuer: str) -> str:
    """The `otpauth` address that the app reads as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def step_of(secret: str, code: str, now_ms: int, after: int) -> int | None:
    """The number of the code among all, if it is the right one about now and comes after the number `after`.

    A code works once: whoever reads it over a shoulder comes too late.
    """
    given = "".join(code.split())
    if len(given) != 6 or not (given.isascii() and given.isdecimal()):
        return None
    now, app = now_ms // STEP_MS, pyotp.TOTP(secret)
    near = (step for step in range(now - _LATE, now + _LATE + 1) if step > after)
    return next((step for step in near if compare_digest(app.generate_otp(step), given)), None)
