"""Signing in by name and password: slow to guess, and the same answer whether a name exists or not."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from connectors.accounts.local_rows import MOST_LOGIN, LocalAccount, as_login
from connectors.accounts.one_time_code import step_of
from connectors.accounts.passwords import hashed, is_outdated, matches, nobodys
from connectors.accounts.rows import AccountRows
from connectors.accounts.session import SessionLimits, Way
from connectors.accounts.store import Accounts
from connectors.accounts.waits import AddressTries, Tries

AT_ONCE: Final = 2
"""Passwords that are computed at the same time: 64 MiB each."""
MOST_WAITING: Final = 50
"""That wait for it; what comes beyond is asked to come again."""
BUSY_MS: Final = 5_000
MOST_NAMES: Final = 10_000
"""Names without an account whose wrong tries are remembered, in memory."""


@dataclass(frozen=True, slots=True)
class PasswordTry:
    """What somebody typed."""

    name: str
    password: str
    code: str = ""
    """Of their app, if they have one."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Signed in: the token for the cookie."""

    token: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """Name, password or code are wrong; which of them is not said."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many wrong tries: nothing was tried, not even whether it was right."""

    ms: int


class ByPassword:
    """Tries at the local accounts of a server. Use it inside one event loop."""

    def __init__(self, addresses: AddressTries | None = None) -> None:
        self._addresses = addresses or AddressTries()
        self._names: dict[str, Tries] = {}
        self._slots, self._waiting = asyncio.Semaphore(AT_ONCE), 0

    async def sign_in(
        self, accounts: Accounts, typed: PasswordTry, address: str, now_ms: int, is_known: Callable[[str], bool]
    ) -> Begun | Wrong | Wait:
        """Try once, from `address`. Raises `AccountsUnwritableError`.

        `is_known`: whether somebody is still of the region, or looks after the accounts.
        A try counts as a wrong one from its beginning, so that many at once are no more tries than one after another.
        """
        if self._waiting >= MOST_WAITING:
            return Wait(BUSY_MS)
        if ms := self._addresses.wait_ms(address, now_ms):
            return Wait(ms)
        self._addresses.add(address, now_ms)
        self._waiting += 1
        try:
            done = await self._tried(accounts, typed, now_ms, is_known)
        finally:
            self._waiting -= 1
        if isinstance(done, Begun):
            self._addresses.take_back(address)
        return done

    async def _tried(
        self, accounts: Accounts, typed: PasswordTry, now_ms: int, is_known: Callable[[str], bool]
    ) -> Begun | Wrong | Wait:
        login = as_login(typed.name)
        account, ms = await accounts.ask(lambda rows: _begin(rows, login, now_ms))
        if account is None:
            ms = self._nobody(login[:MOST_LOGIN], now_ms)
        if ms:
            return Wait(ms)
        async with self._slots:
            other = await asyncio.to_thread(nobodys)  # for every name, so that the first one takes no longer
            stored = account.password if account is not None else other
            fresh = await asyncio.to_thread(_compare, stored, typed.password)
        if account is None or fresh is None or not is_known(account.person):
            return Wrong()
        shown = _shown(account, typed.code, now_ms)
        if shown is None:
            return Wrong()
        token = await accounts.ask(lambda rows: _right(rows, account, shown, fresh, now_ms, accounts.limits))
        return Wrong() if token is None else Begun(token)

    def _nobody(self, login: str, now_ms: int) -> int:
        """How long a name without an account waits (ms): just as one with an account does; else a try begins."""
        before = self._names.pop(login, Tries())
        waits = before.until_ms > now_ms
        self._names[login] = before if waits else before.and_one(now_ms)
        while len(self._names) > MOST_NAMES:
            del self._names[next(iter(self._names))]
        return before.until_ms - now_ms if waits else 0


def _compare(stored: str, password: str) -> str | None:
    if not matches(stored, password):
        return None
    return hashed(password) if is_outdated(stored) else stored


def _begin(rows: AccountRows, login: str, now_ms: int) -> tuple[LocalAccount | None, int]:
    """The account of a name, and how long it still waits (ms); else a try begins."""
    account = rows.local.find(login)
    if account is None:
        return None, 0
    if account.tries.until_ms > now_ms:
        return account, account.tries.until_ms - now_ms
    rows.local.tried(account.person, now_ms)
    return account, 0


def _shown(account: LocalAccount, code: str, now_ms: int) -> "_Shown | None":
    """Which app showed a right code; None for a wrong one, also of an app that is only offered."""
    if account.offered and code.strip():
        step = step_of(account.offered, code, now_ms, 0)
        if step is not None:
            return _Shown(step, account.offered)
        if not account.secret:
            return None
    step = step_of(account.secret, code, now_ms, account.step) if account.secret else 0
    return None if step is None else _Shown(step)


class _Shown(NamedTuple):
    """A right code: its number, and the secret of the app that thereby comes into use."""

    step: int
    offered: str = ""


def _right(
    rows: AccountRows, account: LocalAccount, shown: _Shown, fresh: str, now_ms: int, limits: SessionLimits
) -> str | None:
    """The session of whoever was right; None when somebody else was first with the same code."""
    if shown.offered and not rows.local.accept_codes(account.person, account.password, shown.offered):
        return None
    if not rows.local.right(account.person, account.password, shown.step, fresh):
        return None
    return rows.begin(account.person, Way.PASSWORD, now_ms, limits)
