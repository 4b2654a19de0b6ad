"""Signing in by name and password: only the right ones, and not too often."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.accounts.by_password import Begun, ByPassword, PasswordTry, Wait, Wrong
from connectors.accounts.one_time_code import STEP_MS, new_secret
from connectors.accounts.passwords import hashed, is_outdated
from connectors.accounts.session import Way
from connectors.accounts.store import Accounts
from connectors.accounts.waits import FREE, MINUTE_MS, AddressTries

PASSWORD = "lamp kite river"
STORED = hashed(PASSWORD)
NOW = 1_795_044_060_000
HERE = "203.0.113.7"


@pytest.fixture
async def accounts(tmp_path: Path) -> AsyncIterator[Accounts]:
    opened = Accounts(tmp_path / "accounts.sqlite")
    await opened.ask(lambda rows: rows.local.put("p1", "chen", STORED, 0))
    yield opened
    await opened.close()


async def tried(
    by: ByPassword, accounts: Accounts, name: str, password: str, code: str = "", at: int = NOW, address: str = HERE
) -> Begun | Wrong | Wait:
    return await by.sign_in(accounts, PasswordTry(name, password, code), address, at, lambda person: person == "p1")


async def test_the_right_password_begins_a_session(accounts: Accounts) -> None:
    done = await tried(ByPassword(), accounts, " Chen ", PASSWORD)
    assert isinstance(done, Begun)
    session = await accounts.session(done.token, NOW)
    assert session is not None
    assert (session.person, session.way) == ("p1", Way.PASSWORD)


@pytest.mark.parametrize("name", ["chen", "nobody"])
async def test_a_name_with_an_account_is_answered_as_one_without(accounts: Accounts, name: str) -> None:
    """Wrong, wrong and wait, step by step the same."""
    by, at = ByPassword(), NOW
    for n in range(FREE):
        assert (n, await tried(by, accounts, name, "wrong", at=at)) == (n, Wrong())
    for minutes in (1, 2, 4, 8, 15, 15):
        assert await tried(by, accounts, name, "wrong", at=at) == Wait(minutes * MINUTE_MS)
        assert await tried(by, accounts, name, PASSWORD, at=at + minutes * MINUTE_MS - 1, address=str(minutes)) == Wait(
            1
        )
        at += minutes * MINUTE_MS
        assert await tried(by, accounts, name, "wrong", at=at) == Wrong()


async def test_the_wait_survives_a_restart_and_ends(accounts: Accounts) -> None:
    for _ in range(FREE):
        await tried(ByPassword(), accounts, "chen", "wrong")
    assert await tried(ByPassword(), accounts, "chen", PASSWORD) == Wait(MINUTE_MS)
    assert isinstance(await tried(ByPassword(), accounts, "chen", PASSWORD, at=NOW + MINUTE_MS), Begun)
    assert await tried(ByPassword(), accounts, "chen", "wrong", at=NOW + MINUTE_MS) == Wrong()


async def test_many_at_once_are_no_more_tries(accounts: Accounts) -> None:
    """Whoever sends them together gets as many as one after another."""
    by = ByPassword()
    done = await asyncio.gather(*(tried(by, accounts, "chen", f"wrong {n}", address=str(n)) for n in range(12)))
    assert sum(each == Wrong() for each in done) == FREE
    assert sum(isinstance(each, Wait) for each in done) == 12 - FREE


async def test_one_address_has_so_many_tries_at_all_names(accounts: Accounts) -> None:
    by = ByPassword(AddressTries(most=4))
    done = [await tried(by, accounts, f"nobody-{n}", "wrong") for n in range(5)]
    assert done == [Wrong()] * 4 + [Wait(10 * MINUTE_MS)]
    assert isinstance(await tried(by, accounts, "chen", PASSWORD, address="198.51.100.1"), Begun)
    assert isinstance(await tried(by, accounts, "chen", PASSWORD), Wait)
    assert isinstance(await tried(by, accounts, "chen", PASSWORD, at=NOW + 10 * MINUTE_MS), Begun)


async def test_those_who_are_right_take_no_tries_of_their_office(accounts: Accounts) -> None:
    by = ByPassword(AddressTries(most=2))
    assert {type(await tried(by, accounts, "chen", PASSWORD)) for _ in range(4)} == {Begun}


async def test_codes_are_asked_for_and_work_once(accounts: Accounts) -> None:
    secret = new_secret()
    await accounts.ask(lambda rows: rows.local.put("p1", "chen", STORED, 0, secret))
    await accounts.ask(lambda rows: rows.local.accept_codes("p1", STORED, secret))
    by, code = ByPassword(), pyotp.TOTP(secret).generate_otp(NOW // STEP_MS)
    assert await tried(by, accounts, "chen", PASSWORD) == Wrong()
    assert await tried(by, accounts, "chen", "wrong", code) == Wrong()
    done = await asyncio.gather(*(tried(by, accounts, "chen", PASSWORD, code) for _ in range(2)))
    assert sorted(type(each).__name__ for each in done) == ["Begun", "Wrong"]
    assert await tried(by, accounts, "chen", PASSWORD, code) == Wrong()


async def test_an_app_is_asked_for_from_its_first_right_code_on(accounts: Accounts) -> None:
    """Until then whoever scanned it wrongly still comes in, and one who types a wrong code learns that it is wrong."""
    secret, by = new_secret(), ByPassword()
    await accounts.ask(lambda rows: rows.local.put("p1", "chen", STORED, 0, secret))
    code = pyotp.TOTP(secret).generate_otp(NOW // STEP_MS)
    assert isinstance(await tried(by, accounts, "chen", PASSWORD), Begun)
    assert await tried(by, accounts, "chen", PASSWORD, "000000" if code != "000000" else "111111") == Wrong()
    assert await tried(by, accounts, "chen", "wrong", code) == Wrong()
    assert isinstance(await tried(by, accounts, "chen", PASSWORD), Begun)
    done = await asyncio.gather(*(tried(by, accounts, "chen", PASSWORD, code) for _ in range(2)))
    assert sorted(type(each).__name__ for each in done) == ["Begun", "Wrong"]
    assert await tried(by, accounts, "chen", PASSWORD) == Wrong()


async def test_a_new_app_takes_the_place_of_the_old_one_once_it_works(accounts: Accounts) -> None:
    old, new, by = new_secret(), new_secret(), ByPassword()
    await accounts.ask(lambda rows: rows.local.put("p1", "chen", STORED, 0, old))
    await accounts.ask(lambda rows: rows.local.accept_codes("p1", STORED, old))
    await accounts.ask(lambda rows: rows.local.put("p1", "chen", STORED, 0, new))

    def code(secret: str, after: int = 0) -> str:
        return str(pyotp.TOTP(secret).generate_otp(NOW // STEP_MS + after))

    assert await tried(by, accounts, "chen", PASSWORD) == Wrong()
    assert isinstance(await tried(by, accounts, "chen", PASSWORD, code(old)), Begun)
    assert isinstance(await tried(by, accounts, "chen", PASSWORD, code(new)), Begun)
    assert await tried(by, accounts, "chen", PASSWORD, code(old, 1), NOW + STEP_MS) == Wrong()
    assert isinstance(await tried(by, accounts, "chen", PASSWORD, code(new, 1), NOW + STEP_MS), Begun)


async def test_who_left_the_region_does_not_come_in(accounts: Accounts) -> None:
    await accounts.ask(lambda rows: rows.local.put("p2", "li", STORED, 0))
    assert await tried(ByPassword(), accounts, "li", PASSWORD) == Wrong()


async def test_an_outdated_hash_is_computed_anew(accounts: Accounts) -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    await accounts.ask(lambda rows: rows.local.put("p1", "chen", weaker, 0))
    assert isinstance(await tried(ByPassword(), accounts, "chen", PASSWORD), Begun)
    found = await accounts.look(lambda rows: rows.local.of("p1"))
    assert found is not None
    assert not is_outdated(found.password)
    assert isinstance(await tried(ByPassword(), accounts, "chen", PASSWORD), Begun)


GUESS = st.tuples(
    st.sampled_from(["chen", "CHEN", "li", ""]) | st.text(max_size=8),
    st.sampled_from(["", PASSWORD.upper(), PASSWORD + "\n", STORED]) | st.text(max_size=12),
    st.text(max_size=6),
    st.integers(0, 30),
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(guesses=st.lists(GUESS.filter(lambda guess: guess[1] != PASSWORD), max_size=6))
async def test_no_sequence_of_wrong_tries_lets_in(accounts: Accounts, guesses: list[tuple[str, str, str, int]]) -> None:
    """Whatever is typed, and however long one waits between."""
    by, at = ByPassword(), NOW
    for name, password, code, minutes in guesses:
        at += minutes * MINUTE_MS
        assert not isinstance(await tried(by, accounts, name, password, code, at), Begun)
    assert await accounts.look(lambda rows: rows.sessions(at, accounts.limits)) == []
