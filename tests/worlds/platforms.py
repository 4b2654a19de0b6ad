"""A town with the two invented platforms of the example region, and programs of theirs."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientSession, web

from connectors.platforms.id_map import COLUMNS, Mapped
from schemas.case import Case
from tests.processes.waiting import wait_until
from tests.worlds.small_town import Town, small_town

HOTLINE: Final = "hotline"
DISTRICT: Final = "district"
ADDRESS: Final = "湖滨南路12号"
OTHER_ADDRESS: Final = "湖滨南路14号"


def call(id: str, text: str = "路面有油污", address: str = ADDRESS, **more: Any) -> dict[str, Any]:
    """A row of the hotline."""
    return {"工单编号": id, "诉求内容": text, "诉求地址": address, "诉求类型": "报修", "工单状态": "待办", **more}


def filed(id: str, hotline: str = "", text: str = "路面有油污", address: str = ADDRESS, **more: Any) -> dict[str, Any]:
    """A row of the district's platform; `hotline` is the id there that it names."""
    return {"案卷号": id, "热线工单号": hotline, "问题描述": text, "位置": address, "阶段": "处置", **more}


@dataclass
class PlatformTown:
    """A town, and what programs of platforms send to it."""

    town: Town
    session: ClientSession
    keys: Mapping[str, str]

    async def post(self, path: str, body: Any, key: str) -> tuple[int, Any]:
        """Status and answer."""
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        async with self.session.post(f"{self.town.url}/api/platforms/{path}", json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, key: str) -> tuple[int, Any]:
        """Status and answer."""
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        async with self.session.get(f"{self.town.url}/api/platforms/{path}", headers=headers) as answer:
            return answer.status, await answer.json()

    async def rows(self, platform: str, *rows: Mapping[str, Any]) -> list[str]:
        """What became of these rows; a refused one by its error."""
        status, answer = await self.post(f"{platform}/rows", {"rows": rows}, self.keys[platform])
        assert status == 200, answer
        return [row.get("error", row["became"]) for row in answer["rows"]]

    async def case_of(self, report: str) -> Case:
        """The case of a report, once it is decided."""
        await wait_until(lambda: self.town.gateway.ledger.case_of_report(report), "its case")
        case = self.town.gateway.ledger.case_of_report(report)
        assert case is not None
        return case

    async def outcomes(self, platform: str, after: str = "") -> tuple[dict[str, Any], str]:
        """The outcomes by their ids, and the next cursor."""
        status, answer = await self.get(f"{platform}/outcomes?after={after}", self.keys[platform])
        assert status == 200, answer
        return {each["id"]: each for each in answer["outcomes"]}, answer["next"]

    def mapped(self, platform: str) -> Sequence[Mapped]:
        """The ids of a platform, from its file."""
        sql = f"SELECT {COLUMNS} FROM ids WHERE platform = ? ORDER BY theirs"  # noqa: S608 - names of columns
        with closing(sqlite3.connect(self.town.folder / "platforms.sqlite")) as file:
            return [Mapped(*row) for row in file.execute(sql, (platform,))]


@asynccontextmanager
async def platform_town(
    folder: Path, more: Sequence[Callable[[web.Application], None]] = ()
) -> AsyncIterator[PlatformTown]:
    """A running town in which nobody may be anybody, with a key for each platform."""
    async with small_town(folder, demo=False, more=more) as town, ClientSession() as session:
        keys = dict[str, str]()
        for code in (HOTLINE, DISTRICT):
            _, keys[code] = await town.gateway.accounts.ask(lambda rows, code=code: rows.platform_keys.new(code, 0))  # type: ignore[misc]
        yield PlatformTown(town, session, keys)
