"""One attempt to sign in, from leaving for the provider to coming back: bound to one browser, and used once.

Nothing of it is stored, so nobody can fill a store up: state, nonce and the verifier of PKCE are computed from what the
browser's own cookie holds and a key that lives as long as this process.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

LASTS_S: Final = 600
"""How long somebody may take at the provider (s)."""
MOST_USED: Final = 10_000
"""How many attempts that came back are remembered; the provider takes a code once as well."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is sent to the provider, and has to come back."""

    cookie: str
    """For the browser alone."""
    to: str
    """The page that was asked for."""
    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """The verifier as the provider sees it before it gives a code (PKCE, S256)."""
        return _text(sha256(self.verifier.encode()).digest())


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brings back from the provider."""

    code: str
    issuer: str
    """The parameter `iss` (RFC 9207), or ""."""


class Attempts:
    """The attempts of one process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._used = OrderedDict[str, None]()

    def begin(self, to: str, now_s: float) -> Attempt:
        """A new one, for a page of ours."""
        return self._attempt(
            f"{secrets.token_urlsafe(32)}.{round(now_s) + LASTS_S}.{_text(to.encode(errors='replace'))}", to
        )

    def end(self, cookie: str, state: str, now_s: float) -> Attempt | None:
        """The attempt that a browser comes back from; None if it is another browser's, over, or used already."""
        attempt = self._attempt(cookie, "")
        if not state or not hmac.compare_digest(attempt.state.encode(), state.encode(errors="replace")):
            return None
        random, ends, to = cookie.split(".")  # it is ours, as its state is
        if int(ends) <= now_s or random in self._used:
            return None
        self._used[random] = None
        while len(self._used) > MOST_USED:
            self._used.popitem(last=False)
        return self._attempt(cookie, _read(to))

    def _attempt(self, cookie: str, to: str) -> Attempt:
        state, nonce, verifier = (self._made(name, cookie) for name in ("state", "nonce", "verifier"))
        return Attempt(cookie, to, state, nonce, verifier)

    def _made(self, name: str, cookie: str) -> str:
        return _text(hmac.digest(self._key, f"{name} {cookie}".encode(errors="replace"), "sha256"))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(text: str) -> str:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
