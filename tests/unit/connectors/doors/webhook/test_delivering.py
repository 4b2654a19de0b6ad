"""The way out: from stored to delivered, to a receiver that is real."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from email.utils import formatdate
from pathlib import Path
from typing import NamedTuple

import pytest

from connectors.chat.options import read_options
from connectors.doors.contract import PlatformSetup
from connectors.doors.webhook import open_platform
from connectors.doors.webhook.deliveries import Deliveries
from connectors.doors.webhook.delivering import Delivering
from connectors.doors.webhook.errors import WebhookOffError
from connectors.doors.webhook.options import WebhookOptions
from connectors.intake.context import Gateway
from connectors.standard_webhooks.retry_after import patience_s
from tests.processes.waiting import wait_until
from tests.worlds.doors import doors
from tests.worlds.webhook_partner import OLD_SECRET, SECRET, Partner, partner

BODY = b'{"type": "case.opened", "data": {"reporter": "p"}}'


@pytest.fixture
async def other() -> AsyncIterator[Partner]:
    async with partner() as made:
        yield made


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    async with doors(tmp_path / "gateway") as found:
        yield found.gateway


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "doors" / "webhook"


def settings(other: Partner, **more: str) -> dict[str, str]:
    return {"secret": SECRET, "url": other.address, "first_pause_s": "0.05", **more}


class Run(NamedTuple):
    """A run of the gateway."""

    store: Deliveries
    wake: Callable[[], None]


@asynccontextmanager
async def running(folder: Path, gateway: Gateway, given: dict[str, str]) -> AsyncIterator[Run]:
    """The deliveries of one run of the gateway."""
    store = Deliveries(folder)
    delivering = Delivering(store, read_options(WebhookOptions, "webhook", given), gateway)
    task = asyncio.create_task(delivering.run())
    try:
        yield Run(store, delivering.wake)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await store.close()


async def put(folder: Path, *messages: tuple[str, str], t_ms: int | None = None) -> None:
    """`(id, person)`, as if the gateway had stored them before."""
    store = Deliveries(folder)
    for id, person in messages:
        await store.put(id, person, BODY, round(time.time() * 1000) if t_ms is None else t_ms)
    await store.close()


async def test_messages_come_once_and_each_persons_in_order(other: Partner, gateway: Gateway, folder: Path) -> None:
    messages = [(f"{person}{n}", person) for n in range(20) for person in "abc"]
    await put(folder, *messages, messages[0])
    async with running(folder, gateway, settings(other)):
        await wait_until(lambda: len(other.got) == 60, "all of them")
    for person in "abc":
        assert [got.id for got in other.got if got.id[0] == person] == [f"{person}{n}" for n in range(20)]
    await put(folder, messages[0])
    async with running(folder, gateway, settings(other)) as run:
        assert (await run.store.figures("")).open == 0


async def test_both_secrets_sign_while_the_receiver_changes_over(
    other: Partner, gateway: Gateway, folder: Path
) -> None:
    other.secrets = (SECRET, OLD_SECRET)
    await put(folder, ("m", "p"))
    async with running(folder, gateway, settings(other, url_secret=OLD_SECRET, url_secret_before=SECRET)):
        await wait_until(lambda: other.got, "the message")


async def test_what_failed_comes_again_under_the_same_id_before_the_next(
    other: Partner, gateway: Gateway, folder: Path
) -> None:
    """Also after a restart; a redirect is a failure."""
    other.plans.extend([(500, {}), (302, {"Location": "/elsewhere"}), (400, {})])
    await put(folder, ("m1", "p"), ("m2", "p"))
    async with running(folder, gateway, settings(other)):
        await wait_until(lambda: len(other.tried) >= 2, "two tries")
    async with running(folder, gateway, settings(other)):
        await wait_until(lambda: len(other.got) == 2, "both")
    assert (other.tried, [got.id for got in other.got]) == (["m1"] * 4 + ["m2"], ["m1", "m2"])


async def test_one_persons_trouble_is_not_anothers(other: Partner, gateway: Gateway, folder: Path) -> None:
    other.plans.append((422, {"Retry-After": "3600"}))
    await put(folder, ("a1", "a"))
    async with running(folder, gateway, settings(other)) as run:
        await wait_until(lambda: other.tried, "the first")
        await run.store.put("b1", "b", BODY, round(time.time() * 1000))
        run.wake()
        await wait_until(lambda: [got.id for got in other.got] == ["b1"], "the other", 5)


async def test_the_patience_that_is_asked_for_is_given(other: Partner, gateway: Gateway, folder: Path) -> None:
    other.plans.append((429, {"Retry-After": "2"}))
    await put(folder, ("m", "p"))
    async with running(folder, gateway, settings(other)):
        await wait_until(lambda: other.tried, "the first try")
        began_s = time.monotonic()
        await wait_until(lambda: other.got, "the message")
    assert time.monotonic() - began_s > 1.8


async def test_a_receiver_that_is_gone_is_switched_off_for_good(
    other: Partner, gateway: Gateway, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Restarts do not change it; a new `again` does, and nothing was lost meanwhile."""
    other.plans.append((410, {}))
    await put(folder, ("m1", "p"), ("m2", "q"))
    given = settings(other)
    receiver = read_options(WebhookOptions, "webhook", given).receiver
    async with running(folder, gateway, given) as run:
        await wait_until(lambda: other.tried, "the first try")
        await wait_until(lambda: "410" in caplog.text, "the log")
        off_ms = (await run.store.figures(receiver)).off_ms
    got = len(other.got)
    await put(folder, ("m3", "r"))
    async with running(folder, gateway, given):
        await asyncio.sleep(0.3)
    assert (off_ms is not None, len(other.got)) == (True, got)
    setup = PlatformSetup("webhook", folder, given)
    with pytest.raises(WebhookOffError, match="GRID36_DOOR_WEBHOOK_AGAIN") as raised:
        await open_platform(setup).check()
    assert raised.value.facts["waiting"] == 3 - got
    assert other.address not in caplog.text
    async with running(folder, gateway, {**given, "again": "2026-11-30"}):
        await wait_until(lambda: {each.id for each in other.got} == {"m1", "m2", "m3"}, "all of them")


async def test_what_is_too_old_is_parked_with_its_reason(other: Partner, gateway: Gateway, folder: Path) -> None:
    """It holds up nothing, and the check counts it."""
    now_ms = round(time.time() * 1000)
    await put(folder, ("m1", "p"), t_ms=now_ms - 86_400_000)
    await put(folder, ("m2", "p"))
    async with running(folder, gateway, settings(other, give_up_days="0.5")):
        await wait_until(lambda: [got.id for got in other.got] == ["m2"], "the new one")
    facts = await open_platform(PlatformSetup("webhook", folder, settings(other))).check()
    assert (facts["posts_to"], facts["open"], facts["parked"]) == ("127.0.0.1", "0", "1")


async def test_a_receiver_that_is_away_gets_all_when_it_is_back(gateway: Gateway, folder: Path) -> None:
    await put(folder, ("m1", "p"), ("m2", "q"))
    away = {"secret": SECRET, "url": "http://127.0.0.1:9/hook", "first_pause_s": "0.05"}
    async with running(folder, gateway, away) as run:
        await asyncio.sleep(0.5)
        assert (await run.store.figures("")).open == 2
    async with partner() as other, running(folder, gateway, settings(other)):
        await wait_until(lambda: len(other.got) == 2, "both")


async def test_check_before_anything_happened(folder: Path) -> None:
    facts = await open_platform(PlatformSetup("webhook", folder, {"secret": SECRET})).check()
    assert facts == {"receives": "/doors/webhook/reports, /doors/webhook/supplements"}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0), ("", 0.0), ("soon", 0.0), ("-1", 0.0), ("1e9", 0.0), ("99999999999", 86_400.0),
        (formatdate(1_800_000_060, usegmt=True), 60.0), (formatdate(1_700_000_000, usegmt=True), 0.0),
        ("Fri, 99 Xyz 2026 99:99:99 GMT", 0.0),
    ],
)  # fmt: skip
def test_how_patience_is_asked_for(header: str, seconds: float) -> None:
    assert patience_s(header, 1_800_000_000) == seconds
