"""The gateway process on a real Kafka: it creates the system, and follows what becomes of it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
import pytest
import trustme

from connectors.clock import now_ms
from connectors.doors.http.door import AddressTakenError
from connectors.outbox.rows import report_rows
from connectors.outbox.store import Message, Outbox
from grid36.gateway.client import GatewayAway, GatewayClient, GatewayRefusal
from grid36.gateway.doors import WrongCertificateError
from grid36.gateway.run import serve
from grid36.machine.home import Home
from grid36.machine.status import status
from grid36.settings import Settings
from grid36.system.create import (
    KnownSystem,
    OtherRegionError,
    compare,
    keep,
    kept,
    known_system,
    region_of,
    rulebook_of,
)
from grid36.system.region_files import files_of
from grid36.system.versions import ActivationRequest, switch
from schemas.content import content_address
from schemas.errors import ServiceAway
from schemas.names import Language
from schemas.system import Mode, System
from streams.kafka.topic_reader import partitions_of
from streams.rulebooks.activation import activate
from streams.rulebooks.topic import go_live, read_rulebooks, set_mode, switches_in
from tests.processes.waiting import wait_until

pytestmark = pytest.mark.kafka


@asynccontextmanager
async def serving(settings: Settings, servers: str, known: KnownSystem) -> AsyncIterator[asyncio.Event]:
    """The gateway in this loop, as soon as it says where it listens."""
    stop = asyncio.Event()
    running = asyncio.create_task(serve(settings, servers, known, stop))
    home = Home(settings.home)
    try:
        await wait_until(lambda: "gateway" in home.said() or running.done(), "its address")
        yield stop
    finally:
        stop.set()
        await running


async def test_a_replayed_past_closes_the_doors_of_a_running_gateway(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Created as new, marked as history while the gateway runs: from then on 409, also after a start without Kafka."""
    settings = Settings(home=tmp_path, kafka=kafka, topic_prefix=prefix, partitions=2, hosts="city.example, ")
    known = await known_system(settings, kafka)
    assert (known.system.mode, known.system.partitions) == (Mode.NEW, 2)
    assert (await known_system(settings, kafka)).system == known.system
    async with serving(settings, kafka, known), GatewayClient(settings) as client:
        health = await client.get("/health")
        assert health is not None
        assert health["mode"] == "new"
        async with aiohttp.ClientSession() as browser:
            address = Home(tmp_path).said()["gateway"]["address"]
            for host, status in (("city.example", 200), ("elsewhere.example", 421)):
                async with browser.get(f"{address}/sign-in", headers={"Host": host}) as page:
                    assert page.status == status
        await set_mode(kafka, Mode.HISTORY, prefix=prefix)

        async def refused() -> bool:
            try:
                await client.post("/api/reports", {"text": "after", "door": "cli"})
            except GatewayRefusal:
                return True
            return False

        await wait_until(refused, "closed doors")
    last = kept(settings)
    assert last is not None
    assert last.system.mode is Mode.HISTORY
    assert (await known_system(settings, "127.0.0.1:1")).system.mode is Mode.HISTORY


async def test_the_first_report_makes_a_new_system_live(kafka: str, prefix: str, tmp_path: Path) -> None:
    """For good: the log, the gateway and what is kept for a start without Kafka say so; a history takes it no more."""
    settings = Settings(home=tmp_path, kafka=kafka, topic_prefix=prefix, partitions=2)
    known = await known_system(settings, kafka)
    async with serving(settings, kafka, known), GatewayClient(settings) as client:
        assert (await client.post("/api/reports", {"text": "first", "door": "cli"}))["report"]

        async def is_live() -> bool:
            return (await client.get("/health") or {}).get("mode") == "live"

        await wait_until(is_live, "live mode")
    assert (await known_system(settings, kafka)).system.mode is Mode.LIVE
    assert (await known_system(settings, "127.0.0.1:1")).system.mode is Mode.LIVE
    system = await go_live(kafka, prefix=prefix)
    assert system is not None
    assert system.mode is Mode.LIVE


async def test_what_was_accepted_before_it_became_a_past_is_held_back(kafka: str, prefix: str, tmp_path: Path) -> None:
    """With Kafka away a gateway does not know yet; nothing of it may get among the facts of the past."""
    settings = Settings(home=tmp_path, kafka=kafka, topic_prefix=prefix, partitions=2)
    known = await known_system(settings, kafka)
    await set_mode(kafka, Mode.HISTORY, prefix=prefix)
    outbox = Outbox(Home(tmp_path).outbox)
    await outbox.put(Message("web", "r1", "d", 1, report_rows("r1", b"{}", (), 2, counted=True)))
    await outbox.close()
    async with serving(settings, kafka, known), GatewayClient(settings) as client:

        async def both_know() -> bool:
            """Two readers of the log, in any order."""
            health = await client.get("/health") or {}
            return (health["kafka"], health["outbox"]["reports"], health["mode"]) == ("waiting", 1, "history")

        await wait_until(both_know, "the outbox held back")


async def test_a_running_gateway_works_by_what_was_activated(kafka: str, prefix: str, tmp_path: Path) -> None:
    """From its time on, not before; commands, and a start without Kafka, know it too."""
    settings = Settings(home=tmp_path, kafka=kafka, topic_prefix=prefix, partitions=2)
    known = await known_system(settings, kafka)
    first = known.rulebook.categories[0]
    news = known.rulebook.model_copy(
        update={"categories": (first.model_copy(update={"id": "brand-new"}), *known.rulebook.categories)}
    )
    async with serving(settings, kafka, known), GatewayClient(settings) as client:
        now = now_ms()
        await activate(
            kafka, known.region, news, by="chief", effective_ms=now + 4_000, at_ms=now, id="s", prefix=prefix
        )
        report: dict[str, object] = {"text": "x", "code": "G001", "category": "brand-new", "door": "cli"}
        with pytest.raises(GatewayRefusal, match="brand-new"):
            await client.post("/api/reports", report)

        def is_kept() -> bool:
            last = kept(settings)
            return last is not None and last.rulebook == news

        await wait_until(is_kept, "the new rulebook")
        assert now_ms() >= now + 4_000
        assert (await client.post("/api/reports", report))["report"]
    assert rulebook_of(settings) == news
    assert (await known_system(settings, "127.0.0.1:1")).rulebook == news
    assert (await known_system(settings, kafka)).system.rulebook == content_address(known.rulebook)


async def test_a_department_of_a_new_region_has_its_queue_at_once(kafka: str, prefix: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, kafka=kafka, topic_prefix=prefix, partitions=2)
    known = await known_system(settings, kafka)
    body = known.region.organisations[0].model_copy(update={"code": "brand-new"})
    region = known.region.model_copy(update={"organisations": (*known.region.organisations, body)})
    wish = ActivationRequest(region, known.rulebook, "chief")

    async def log(switches: int) -> dict[str, bytes] | None:  # what was committed is read a moment later
        found = await read_rulebooks(kafka, prefix=prefix)
        return found if len(switches_in(found)) == switches else None

    made, already = await switch(settings, kafka, wish, await wait_until(partial(log, 0), "the system"))
    assert (made.region, already) == (content_address(region), False)
    again = await switch(settings, kafka, wish, await wait_until(partial(log, 1), "the switch"))
    assert again == (made, True)
    assert await partitions_of(kafka, f"{prefix}department.brand-new") == [0, 1]


async def test_nothing_is_known_without_kafka(tmp_path: Path) -> None:
    with pytest.raises(ServiceAway):
        await known_system(Settings(home=tmp_path), "127.0.0.1:1", 0.1)


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    files = files_of(settings)
    system = System(partitions=1, region="r", rulebook="b")
    known = KnownSystem(region=files.region, rulebook=files.rulebook, system=system)
    taken = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    with pytest.raises(AddressTakenError, match="GRID36_HTTP_PORT"):
        await serve(settings.model_copy(update={"http_port": port}), "127.0.0.1:1", known, asyncio.Event())
    taken.close()
    await taken.wait_closed()


async def test_something_else_behind_the_port_is_not_the_gateway(tmp_path: Path) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        writer.close()
        await writer.wait_closed()

    other = await asyncio.start_server(answer, "127.0.0.1", 0)
    settings = Settings(home=tmp_path, http_port=other.sockets[0].getsockname()[1])
    async with GatewayClient(settings) as client:
        with pytest.raises(GatewayAway, match="not the gateway"):
            await client.get("/api/cases/x")
    other.close()
    await other.wait_closed()
    async with GatewayClient(settings) as client:
        with pytest.raises(GatewayAway):
            await client.get("/api/cases/x")


def test_the_files_of_a_region_are_compared_with_what_was_created(tmp_path: Path) -> None:
    """Another region is refused; changed files of the same one are a warning, and the system keeps what it had."""
    settings = Settings(home=tmp_path)
    files = files_of(settings)
    same = System(partitions=1, region=content_address(files.region), rulebook=content_address(files.rulebook))
    known = KnownSystem(region=files.region, rulebook=files.rulebook, system=same)
    assert compare(known, files) is None
    changed = known.model_copy(update={"rulebook": files.rulebook.model_copy(update={"note": "another"})})
    assert "rules activate" in str(compare(changed, files))
    other = known.model_copy(update={"region": files.region.model_copy(update={"code": "other"})})
    with pytest.raises(OtherRegionError, match="GRID36_HOME"):
        compare(other, files)
    keep(settings, other)
    assert region_of(settings).code == "other"
    (tmp_path / "created.json").write_text("{")
    assert region_of(settings) == files.region


async def test_it_answers_by_https_with_a_certificate_of_its_own(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Commands reach it under the name that it has here, and trust this certificate alone; a wrong one is said."""
    own, ca = trustme.CA().issue_cert("city.example"), trustme.CA()
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(own.cert_chain_pems[0].bytes())
    key.write_bytes(own.private_key_pem.bytes())
    told = {"home": tmp_path / "home", "kafka": kafka, "topic_prefix": prefix, "partitions": 2, "hosts": "city.example"}
    settings = Settings.model_validate(told | {"tls_cert": cert, "tls_key": key})
    known = await known_system(settings, kafka)
    async with serving(settings, kafka, known):
        address = Home(settings.home).said()["gateway"]["address"]
        assert address.startswith("https://")
        commands = Settings.model_validate(told)  # which know nothing of the certificate
        async with GatewayClient(commands) as client:
            assert (await client.post("/api/reports", {"text": "first", "door": "cli"}))["report"]
        assert "mode" in await asyncio.to_thread(status, commands, Language.EN)  # it said so itself
        trusting = ssl.create_default_context()
        ca.configure_trust(trusting)
        async with aiohttp.ClientSession() as stranger:
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await stranger.get(address, ssl=trusting)
    key.write_bytes(ca.issue_cert("other.example").private_key_pem.bytes())
    with pytest.raises(WrongCertificateError):
        await serve(settings, kafka, known, asyncio.Event())
