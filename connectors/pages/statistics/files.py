"""What the page of statistics shows as CSV, workbook, Parquet and JSON, and the cases of its period as open data."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Final, Generic, NamedTuple, TypeVar

from aiohttp import web

from connectors.cases.translations import Translations
from connectors.doors.http.json_views import json_answer
from connectors.intake.refusal import Refused, bad
from connectors.ledger.queries.statistics.open_data import OpenDataRow, open_cases
from connectors.ledger.queries.statistics.pairs import PairTable, TooManyCases
from connectors.ledger.queries.statistics.tables import StatisticsColumn
from connectors.pages.html.layout import nothing
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import StatisticsAsked
from connectors.pages.statistics.csv_lines import csv_lines, csv_pieces
from connectors.pages.statistics.definitions import stated
from connectors.pages.statistics.looking import PairsFound, StatisticsFound, look, look_pairs, metrics_of
from connectors.pages.statistics.people import people_shown
from connectors.pages.statistics.programs.json_table import json_table
from connectors.pages.statistics.programs.parquet import need_parquet, write_parquet
from connectors.pages.statistics.programs.tidy import tidy, tidy_around, tidy_pairs
from connectors.pages.statistics.sheet import pairs_sheet, sheet
from connectors.pages.statistics.versions.around import AroundFound, look_around
from connectors.pages.statistics.versions.around_sheet import around_sheet
from schemas.days import day_of

T = TypeVar("T")
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET: Final = "application/vnd.apache.parquet"
IN_MEMORY: Final = 1 << 20
"""Bytes of a file that is kept off the disk."""
PIECE: Final = 1 << 16
OPEN_FIELDS: Final = (
    "number", "category", "category_name", "department", "grid", "submitted", "dispatched", "resolved", "state",
    "outcome", "on_time", "reworks", "lon", "lat",
)  # fmt: skip
"""Documented in `docs/roles/supervisor.md`."""


class FileForm(NamedTuple, Generic[T]):
    """How what the page shows is laid out in a file: a version beside the time before it, one dimension, and two."""

    around: Callable[[Translations, AroundFound, StatisticsColumn, StatisticsColumn], T]
    one: Callable[[Translations, StatisticsFound], T]
    two: Callable[[Translations, PairsFound, PairTable], T]


SHEET: Final = FileForm(around_sheet, sheet, pairs_sheet)
TIDY: Final = FileForm(tidy_around, tidy, tidy_pairs)
"""One row for each group and period, for programs."""


async def send_csv(request: web.Request) -> web.StreamResponse:
    """The table of the page with the same address, as CSV."""
    viewer = Viewer.of(request)
    try:
        asked, table = await _laid_out(viewer, SHEET)
    except Refused as refusal:
        return _refused(viewer, refusal)
    pieces = csv_pieces([field.title for field in table.fields], table.rows)
    return await _send(request, _name(asked, "csv"), CSV, _each(pieces))


async def send_workbook(request: web.Request) -> web.StreamResponse:
    """The same as a workbook, with the definitions on a second sheet."""
    from connectors.pages.statistics.workbook import write_workbook  # openpyxl, once somebody wants one

    viewer = Viewer.of(request)
    try:
        asked, table = await _laid_out(viewer, SHEET)
    except Refused as refusal:
        return _refused(viewer, refusal)
    words = viewer.words
    metrics = metrics_of(asked) if asked.view == "metrics" else [asked.metric]
    names = (words("statistics.title"), words("statistics.definitions"))
    defined = list(stated(words, asked, metrics))
    with SpooledTemporaryFile(IN_MEMORY) as file:
        await asyncio.to_thread(write_workbook, file, table, *names, defined)
        file.seek(0)
        return await _send(request, _name(asked, "xlsx"), XLSX, _each(iter(lambda: file.read(PIECE), b"")))


async def send_parquet(request: web.Request) -> web.StreamResponse:
    """The same for programs, one row for each group and period; 501 where the extra is not installed."""
    viewer = Viewer.of(request)
    try:
        need_parquet()
        asked, table = await _laid_out(viewer, TIDY)
    except Refused as refusal:
        return _refused(viewer, refusal)
    told = dict(stated(viewer.words, asked, table.metrics))
    with SpooledTemporaryFile(IN_MEMORY) as file:
        await asyncio.to_thread(write_parquet, file, table, told)
        file.seek(0)
        return await _send(request, _name(asked, "parquet"), PARQUET, _each(iter(lambda: file.read(PIECE), b"")))


async def send_json(request: web.Request) -> web.Response:
    """The same for programs, with what each metric is and the way to each number's cases. Raises `Refused`."""
    viewer = Viewer.of(request)
    asked, table = await _laid_out(viewer, TIDY)
    answer = await asyncio.to_thread(json_table, viewer.words, asked, viewer.zone.key, table)
    return json_answer(answer, HTTPStatus.OK)


async def send_cases(request: web.Request) -> web.StreamResponse:
    """Cases of one kind reported in the period, without personal data, one in a line."""
    viewer = Viewer.of(request)
    try:
        asked = StatisticsAsked.of(request.query, day_of(viewer.now_ms, viewer.zone), people_shown(viewer))
        first = await _next_cases(viewer, asked, None)
    except Refused as refusal:
        return _refused(viewer, refusal)

    async def pieces() -> AsyncIterator[bytes]:
        yield next(csv_pieces(OPEN_FIELDS, ()))
        found = first
        while found:
            yield csv_lines(_line(viewer, each) for each in found)
            found = await _next_cases(viewer, asked, found[-1])

    name = f"grid36-cases-{asked.kind}-{asked.period.first}-{asked.period.last}.csv"
    return await _send(request, name, CSV, pieces())


async def _laid_out(viewer: Viewer, form: FileForm[T]) -> tuple[StatisticsAsked, T]:
    """What the page of this address shows. Raises `Refused`."""
    asked = _asked(viewer)
    if asked.view == "version":
        around = await look_around(viewer, asked)
        if around.before is None or around.since is None:
            raise bad("no_version_days")
        return asked, form.around(viewer.words, around, around.before, around.since)
    if asked.across is None:
        return asked, form.one(viewer.words, await look(viewer, asked))
    found = await look_pairs(viewer, asked, asked.across)
    if isinstance(found.table, TooManyCases):
        raise bad("period_cases", "from_day", most=found.table.most)
    return asked, form.two(viewer.words, found, found.table)


def _asked(viewer: Viewer) -> StatisticsAsked:
    """Raises `Refused`."""
    asked = StatisticsAsked.of(viewer.request.query, day_of(viewer.now_ms, viewer.zone), people_shown(viewer))
    if not asked.applies:
        raise bad("not_by_person", "metric")
    return asked


async def _next_cases(viewer: Viewer, asked: StatisticsAsked, after: OpenDataRow | None) -> list[OpenDataRow]:
    span = asked.period.span(viewer.zone, viewer.remit)
    return await viewer.gateway.ask(lambda ledger: open_cases(ledger, span, asked.kind, after))


def _line(viewer: Viewer, case: OpenDataRow) -> list[str | float | None]:
    name = viewer.gateway.category_names.get(case.category)

    def time(t_ms: int | None) -> str | None:
        return None if t_ms is None else datetime.fromtimestamp(t_ms / 1000, viewer.zone).isoformat(timespec="seconds")

    return [
        case.number, case.category, name.to(viewer.language) if name else "", case.department, case.grid,
        time(case.submitted_ms), time(case.dispatched_ms), time(case.resolved_ms), case.state, case.outcome,
        case.on_time, case.reworks, case.lon, case.lat,
    ]  # fmt: skip


def _name(asked: StatisticsAsked, ending: str) -> str:
    what = "all" if asked.view == "metrics" else f"{asked.metric.key}-{asked.view}"
    return f"grid36-{asked.by}-{what}-{asked.kind}-{asked.period.first}-{asked.period.last}.{ending}"


def _refused(viewer: Viewer, refusal: Refused) -> web.Response:
    title, said = viewer.words("statistics.title"), refusal.answer(viewer.language)["message"]
    return nothing(viewer, title, said, HTTPStatus(refusal.status))


async def _each(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def _send(request: web.Request, name: str, kind: str, pieces: AsyncIterator[bytes]) -> web.StreamResponse:
    """The file as it is made, to be saved under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    answer = web.StreamResponse(headers=headers)
    answer.content_type = kind
    if kind == CSV:
        answer.charset = "utf-8"
    await answer.prepare(request)
    async for piece in pieces:
        await answer.write(piece)
    await answer.write_eof()
    return answer
