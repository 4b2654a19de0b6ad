"""Two supervisors act at once on the cases of somebody who is away, on a whole system whose gateway is killed."""

import asyncio
import re
import signal
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, FormData

from connectors.outbox.store import OutboxFile
from grid36.machine.home import Home
from tests.browser.reading_pages import text_of
from tests.processes.system import System
from tests.processes.waiting import wait_until
from tests.worlds.drawn_photos import street_photo

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]
BOSS, OTHER, OWNER, COVER = "duty-desk", "street-chief", "supervisor-01", "supervisor-02"
WANTED = 12


async def test_twelve_cases_go_to_the_cover_while_somebody_else_takes_two(tmp_path: Path, kafka: str) -> None:
    """Twelve cases in one form, the gateway killed once it is stored, sent again: each acts once, two say why not."""
    with System(tmp_path / "home", kafka=kafka) as system:
        async with ClientSession(system.address) as web:
            numbers = await reported(web)
            await away(web)
            page = await text_of(web, f"/supervisor?assignee={OWNER}&as={BOSS}")
            form = dict(re.findall(r'name="(case\.[^"]+)" value="(\d+)" form="several"', page))
            assert {name.removeprefix("case.") for name in form} == set(numbers)
            assert f'<option value="{COVER}" selected' in page
            id = re.findall(r'name="id" value="(m-[0-9a-f]+)"', page)[0]
            form |= {"id": id, "by": BOSS, "act": "assign", "to": COVER}

            taken, closed = numbers[:2]
            await act(web, taken, "assign", OTHER, to="supervisor-03")
            await act(web, closed, "resolve", COVER, photos=street_photo(clean=True))
            await act(web, closed, "verify", "inspector-1")

            sending = asyncio.create_task(sent(web, form))
            outbox = OutboxFile(Home(system.home).outbox)
            await wait_until(lambda: len(outbox.named("gateway", f"{id}.")) == WANTED, "stored")
            assert system.signal("gateway", signal.SIGKILL)
            outbox.close()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            await wait_until(lambda: healthy(web), "a new gateway", 120)
            assert await sent(web, form) == f"/cases/acts/{id}"
            assert await sent(web, form) == f"/cases/acts/{id}"

            answer = await wait_until(lambda: decided(web, id), "decided", 120)
            states = {each["case"]: each["state"] for each in answer["cases"]}
            assert states == dict.fromkeys(numbers, "done") | {taken: "refused", closed: "refused"}
            why = {each["case"]: each["timeline"][-1]["because"] for each in answer["cases"]}
            assert "街长已于" in why[taken]["zh"]
            assert why[closed]["code"] == "meanwhile"
            for number in numbers:
                case, events = await case_of(web, number)
                assert case["assignee"] == {taken: "supervisor-03", closed: OWNER}.get(number, COVER)
                assert sum(each["command"] == f"{id}.{number}" for each in events) == 1
            page = await text_of(web, f"/cases/acts/{id}")
            assert f"共{WANTED}件：已办{WANTED - 2}件，未办2件，办理中0件。" in page


async def reported(web: ClientSession) -> list[str]:
    """Twelve open cases of the owner, in order."""
    numbers: list[str] = []
    for segment in ("HBN-1", "CSL-3S", "XMJ-1", "LANE-04"):
        for text in ("路面脏，有泥沙", "墙上有小广告", "有人乱停共享单车"):
            async with web.post(
                "/api/reports", json={"text": text, "code": segment, "reporter": "patroller-01"}
            ) as answer:
                report = (await answer.json())["report"]
            case = await wait_until(partial(opened, web, report), "a case")
            assert (case["assignee"], case["state"]) == (OWNER, "dispatched")
            numbers.append(case["number"])
    assert len(numbers) == WANTED
    return numbers


async def opened(web: ClientSession, report: str) -> Any:
    async with web.get(f"/api/reports/{report}") as answer:
        now = (await answer.json()).get("now")
        return now if now and now["state"] != "submitted" else None


async def away(web: ClientSession) -> None:
    """From now on somebody stands in for the owner."""
    now = time.time_ns() // 1_000_000
    span = {"from": now, "until": now + 8 * 3_600_000}
    async with web.post("/api/covers", json={"person": OWNER, "cover": COVER, "by": BOSS, **span}) as answer:
        assert answer.status == 202
        id = (await answer.json())["cover"]
    await wait_until(lambda: done(web, f"/api/acts/{id}"), "the absence")


async def act(web: ClientSession, number: str, act: str, by: str, photos: bytes | None = None, **fields: str) -> None:
    """Somebody else acts, and it is done."""
    form = FormData(fields | {"act": act, "by": by})
    if photos:
        form.add_field("photos", photos, filename="p.jpg", content_type="image/jpeg")
    async with web.post(f"/api/cases/{number}/acts", data=form) as answer:
        assert answer.status == 202, await answer.text()
        id = (await answer.json())["act"]
    await wait_until(lambda: done(web, f"/api/cases/{number}/acts/{id}"), act)


async def done(web: ClientSession, path: str) -> bool:
    async with web.get(path) as answer:
        return bool((await answer.json())["state"] == "done")


async def sent(web: ClientSession, form: dict[str, str]) -> str:
    """Where the form leads, as a browser without script sends it."""
    async with web.post("/cases/acts", data=form, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        return answer.headers["Location"]


async def healthy(web: ClientSession) -> bool:
    try:
        async with web.get("/health") as answer:
            return bool(answer.status == 200)
    except ClientError:
        return False


async def decided(web: ClientSession, id: str) -> Any:
    async with web.get(f"/api/cases/acts/{id}") as answer:
        found = await answer.json()
        return found if found.get("state") == "done" else None


async def case_of(web: ClientSession, number: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    async with web.get(f"/api/cases/{number}") as answer:
        found = await answer.json()
        return found["case"], found["timeline"]
