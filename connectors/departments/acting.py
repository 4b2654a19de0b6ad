"""Sends a department's acts over HTTP, each once however often it is tried, and waits for what becomes of them."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Any, Final, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, FormData
from aiohttp.payload import BytesIOPayload, Payload
from pydantic_core import to_json

from schemas.errors import Stop, WrongInput
from schemas.proof import Entry, ProofVerdict, ProofWay, account_of, write_lines

PAUSE_S: Final = (0.2, 5.0)
LOOK_S: Final = 0.2
WAIT_S: Final = 30.0
"""How long an outcome is waited for; the act is safe long before."""
REQUEST_S: Final = 30.0

log = logging.getLogger(__name__)


class KeyRefusedError(Stop):
    """The key of this department is not known, or was revoked. Ask the operator for another one."""


class StatementRefusedError(WrongInput):
    """The other side does not take this statement of a day. What it says tells what is wrong with it."""


@dataclass(frozen=True, slots=True)
class ActOutcome:
    """What became of an act; `accepted`: it is safe, and not decided yet."""

    id: str
    state: Literal["accepted", "done", "refused"]
    why: str = ""
    """The reasons in words."""


@dataclass(frozen=True, slots=True)
class DayStatement:
    """What came of stating what was taken on a day."""

    day: date
    verdict: ProofVerdict
    """`open`: nothing was stated, as the day is not closed yet."""
    differences: Mapping[str, Any] = field(default_factory=dict)
    """By kind, such as `missing_there`: records with `id` and `case`."""


class DepartmentDesk:
    """The API as one department uses it. Waits while the other side is away; use it in one event loop."""

    def __init__(self, api: str, key: str, *, language: str = "zh-CN", wait_s: float = WAIT_S) -> None:
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": language}
        self._session = ClientSession(api, headers=headers, timeout=ClientTimeout(total=REQUEST_S))
        self._wait_s = wait_s

    async def act(self, case: str, id: str, fields: Mapping[str, str], photos: Sequence[Path | str]) -> ActOutcome:
        """One act; under the same id it is done once. Raises `KeyRefusedError`."""
        files = [await asyncio.to_thread(Path(photo).read_bytes) for photo in photos]

        def form() -> FormData:
            data = FormData({"id": id, **fields})
            for n, content in enumerate(files):
                data.add_field("photos", content, filename=f"{n}.jpg", content_type="image/jpeg")
            return data

        status, answer = await self._ask("POST", f"/api/orders/{quote(case, safe='')}/actions", form)
        if status != HTTPStatus.ACCEPTED:
            return ActOutcome(id, "refused", str(answer.get("message", status)))
        return await self._outcome(id)

    async def photo(self, case: str, digest: str) -> bytes | None:
        """A photo of an order, JPEG; None if it has none of this digest, or not any more."""
        path = f"/api/orders/{quote(case, safe='')}/photos/{digest}.jpg"
        until = monotonic() + self._wait_s
        while True:  # the list of files follows the topic within seconds
            status, answer = await self._ask("GET", path)
            if status == HTTPStatus.OK:
                return bytes(answer["content"])
            if monotonic() > until or answer.get("error") == "unknown_photo":
                return None
            await asyncio.sleep(LOOK_S)

    async def state(self, day: date, taken: Callable[[ZoneInfo], Sequence[Entry]]) -> DayStatement:
        """State what was `taken` on a day of the region's zone: the digest and, if it differs, the list.

        Without `differences` though it differs: the list is longer than a statement may be.
        Raises `KeyRefusedError`, `StatementRefusedError`.
        """
        known = await self._stated("GET", f"/api/proofs?day={day}")
        if not known["days"][0]["closed"]:
            return DayStatement(day, ProofVerdict.OPEN)
        entries = await asyncio.to_thread(taken, ZoneInfo(known["zone"]))
        said: dict[str, Any] = {"way": ProofWay.TO_PARTNER.value, **account_of(entries).model_dump()}
        answer = await self._stated("POST", f"/api/proofs/{day}", said)
        if answer["verdict"] == ProofVerdict.DIFFERS and entries:
            said["records"] = write_lines(entries)
            answer = await self._stated("POST", f"/api/proofs/{day}", said, or_else=answer)
        return DayStatement(day, ProofVerdict(answer["verdict"]), answer.get("differences", {}))

    async def _stated(
        self, method: str, path: str, said: Any = None, or_else: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The answer; `or_else` where the list is too long. Raises `StatementRefusedError`."""

        def body() -> Payload:  # a list may be long, so it is not sent at once
            return BytesIOPayload(BytesIO(to_json(said)), content_type="application/json")

        status, answer = await self._ask(method, path, body if said is not None else None)
        if status in (HTTPStatus.OK, HTTPStatus.CREATED):
            return answer
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and or_else is not None:
            return or_else
        raise StatementRefusedError(status=status, says=str(answer.get("message", "")))

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def _outcome(self, id: str) -> ActOutcome:
        until = monotonic() + self._wait_s
        while True:
            _, answer = await self._ask("GET", f"/api/acts/{quote(id, safe='')}")
            if answer.get("state") in ("done", "refused"):
                why = [event["why"] for event in answer["timeline"] if "why" in event]
                return ActOutcome(id, answer["state"], " ".join(dict.fromkeys(why)))
            if monotonic() > until:
                return ActOutcome(id, "accepted")
            await asyncio.sleep(LOOK_S)

    async def _ask(
        self, method: str, path: str, body: Callable[[], FormData | Payload] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """An answer that trying again would not change. Raises `KeyRefusedError`."""
        pause = PAUSE_S[0]
        while True:
            try:
                async with self._session.request(method, path, data=body() if body else None) as answer:
                    if answer.status == HTTPStatus.UNAUTHORIZED:
                        raise KeyRefusedError(address=str(self._session._base_url))
                    if answer.status < 500 and answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                        return answer.status, await _read(answer)
                    fault = f"{answer.status} {answer.reason}"
            except (ClientError, TimeoutError) as error:
                fault = repr(error)
            log.warning("%s waits: %s", path, fault)
            await asyncio.sleep(pause)
            pause = min(2 * pause, PAUSE_S[1])


async def _read(answer: ClientResponse) -> dict[str, Any]:
    if answer.content_type != "application/json":
        return {"content": await answer.read()}
    read: dict[str, Any] = await answer.json()
    return read
