"""Everything is lost, Kafka as well, and comes back from copies as the operator's page says."""

import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from tests.processes.system import System
from tests.processes.waiting import wait_until
from tests.worlds.drawn_photos import street_photo

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]
NEVER_COPIED = ("ledger",)
"""What the page says need not be."""


async def test_a_whole_system_comes_back_from_its_copies(tmp_path: Path) -> None:
    """Files are copied while it runs, Kafka's when it is stopped: what was reported in between is in Kafka alone.

    What was erased in between comes back with the copies, and goes again.
    """
    home, copies = tmp_path / "home", tmp_path / "copies"
    with System(home) as system:
        key = system.answer("department", "key", "sanitation", "new")["key"]
        async with ClientSession(system.address) as web:
            first = await reported(web, "HBN-1", street_photo(clean=False))
            erased = await reported(web, "LANE-04", street_photo(clean=True))
            (gone,) = (await found(web, erased))["words"]
            copy_files(home, copies)
            second = await reported(web, "CSL-3S")
            system.run("act", erased["number"], "erase", "--by", "street-chief")
        before, figures = system.settled_balance(), system.answer("stats", "--by", "category")
        system.run("down")
        shutil.copytree(home / "kafka", copies / "kafka")
    shutil.rmtree(home)
    assert list(copies.rglob(f"{gone['photos'][0]['digest']}*"))

    shutil.copytree(copies, home)
    with System(home) as system:
        assert [each for each in system.ask("doctor")["findings"] if each["level"] != "ok"] == []
        assert system.settled_balance() == before
        assert system.answer("stats", "--by", "category") == figures
        async with ClientSession(system.address) as web:
            (written,) = (await found(web, first))["words"]
            assert (await found(web, first))["case"] == first
            assert (await found(web, second))["case"] == second
            async with web.get(written["photos"][0]["url"]) as answer:
                assert (answer.status, answer.content_type) == (200, "image/jpeg")
            assert not (await found(web, erased)).get("words")
            await wait_until(lambda: not list(home.rglob(f"{gone['photos'][0]['digest']}*")), "what was erased to go")
            async with web.get("/api/orders", headers={"Authorization": f"Bearer {key}"}) as answer:
                assert {each["case"] for each in (await answer.json())["orders"]} >= {first["number"]}
            third = await reported(web, "XMJ-1")
        assert third["number"] not in {first["number"], second["number"]}
        assert system.settled_balance()["accepted"] == before["accepted"] + 1


def copy_files(home: Path, copies: Path) -> None:
    """As the page says: databases by SQLite's own back-up while they are written, all else as files."""
    for file in home.rglob("*"):
        inside = file.relative_to(home)
        if not file.is_file() or inside.parts[0] in {"kafka", "logs"} or file.name.startswith(NEVER_COPIED):
            continue
        (copies / inside).parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".sqlite":
            with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copies / inside)) as target:
                source.backup(target)
            (copies / inside).chmod(file.stat().st_mode)  # `umask 077`
        elif not file.name.endswith(("-wal", "-shm")):
            shutil.copy2(file, copies / inside)


async def reported(web: ClientSession, segment: str, photo: bytes | None = None) -> dict[str, Any]:
    """A case that somebody has to deal with."""
    form = FormData({"text": "路面有油污", "code": segment, "reporter": "patroller-01"})
    if photo is not None:
        form.add_field("photos", photo, filename="p.jpg", content_type="image/jpeg")
    async with web.post("/api/reports", data=form) as answer:
        assert answer.status == 202, await answer.text()
        report = (await answer.json())["report"]
    case: dict[str, Any] = await wait_until(partial(dispatched, web, report), "a case")
    return case


async def found(web: ClientSession, case: dict[str, Any]) -> dict[str, Any]:
    """A case with everything that was written."""
    async with web.get(f"/api/cases/{case['number']}") as answer:
        whole: dict[str, Any] = await answer.json()
        return whole


async def dispatched(web: ClientSession, report: str) -> Any:
    async with web.get(f"/api/reports/{report}") as answer:
        now = (await answer.json()).get("now")
        return now if now and now["state"] == "dispatched" else None
