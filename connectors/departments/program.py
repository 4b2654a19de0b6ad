"""A department's program that answers: its orders from Kafka, its acts over HTTP.

async with department("water-supply", servers, api, key) as jobs:
    async for job in jobs:
        if job.order is not None and job.order.assisting is None:
            await job.done("阀门已更换", ["after.jpg"])
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from connectors.departments.acting import ActOutcome, DayStatement, DepartmentDesk
from connectors.departments.client import Delivery, Orders, orders
from schemas.command import Act
from schemas.order import Order


@dataclass(frozen=True, slots=True)
class DepartmentJob:
    """One order, or the end of one, with what can be done about it."""

    delivery: Delivery
    _desk: DepartmentDesk = field(repr=False)

    @property
    def case(self) -> str:
        """The case number."""
        return self.delivery.case

    @property
    def order(self) -> Order | None:
        """The whole present order; None when it is finished, or cannot be read (`delivery.fault`)."""
        return self.delivery.order

    async def act(
        self, act: Act | str, note: str = "", photos: Sequence[Path | str] = (), *, id: str | None = None, **fields: str
    ) -> ActOutcome:
        """One act of the department on this order; `fields` as in `grid36 schema actions`.

        Without an `id` it gets one of case, sequence and act, so that an order which is delivered again acts once.
        Raises `KeyRefusedError`.
        """
        own = id or f"{self.case}.{self.delivery.order.seq if self.delivery.order else self.delivery.offset}.{act}"
        given = {"act": str(act), **({"note": note} if note else {}), **fields}
        return await self._desk.act(self.case, own, given, photos)

    async def done(self, note: str, photos: Sequence[Path | str] = ()) -> ActOutcome:
        """It is resolved, with words and after-photos."""
        return await self.act(Act.RESOLVE, note, photos)

    async def photo(self, digest: str) -> bytes | None:
        """A photo that the order names, JPEG; None if it was erased meanwhile."""
        return await self._desk.photo(self.case, digest)


class DepartmentJobs:
    """The iterator; create it with `department`, and use it in `async with`."""

    def __init__(self, orders: Orders, desk: DepartmentDesk) -> None:
        self._orders, self._desk = orders, desk

    def __aiter__(self) -> AsyncIterator[DepartmentJob]:
        return self

    async def __anext__(self) -> DepartmentJob:
        """The next one; asking for it confirms the one before."""
        return DepartmentJob(await anext(self._orders), self._desk)

    async def statement(self, day: date) -> DayStatement:
        """State what was taken on a day, by the receipts, and hear what comes of it; the list only if it differs.

        The last order handed out counts once the next one was asked for. Raises `KeyRefusedError`.
        """
        await self._orders.keep_receipts()
        return await self._desk.state(day, lambda zone: self._orders.receipts.taken(day, zone))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self._orders.__aexit__(kind, error, trace)
        await self._desk.close()


def department(
    code: str,
    servers: str,
    api: str,
    key: str,
    *,
    group: str | None = None,
    prefix: str = "",
    bookmark: Path | None = None,
    receipts: Path | None = None,
    language: str = "zh-CN",
) -> DepartmentJobs:
    """The orders of a department, to be acted on: `api` is where the pages are, `key` that of the department.

    The others are those of `orders`; reasons come in `language`. Call it inside an event loop.
    """
    stream = orders(servers, code, group=group, prefix=prefix, bookmark=bookmark, receipts=receipts)
    return DepartmentJobs(stream, DepartmentDesk(api, key, language=language))
