"""What follows from a row of a platform, by what is known of its ids; pure. Nothing is joined by a guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from connectors.intake.submission import PlatformReport, PlatformSupplement, Submission, platform_report_id
from connectors.platforms.id_map import Key, Mapped
from connectors.platforms.refusals import bad_cell
from connectors.platforms.their_row import TheirRow
from schemas.action import BY
from schemas.platform import NeighbourPlatform, TheirState
from schemas.platform_facts import PlatformFacts

Became = Literal["new", "known", "changed", "same", "ours", "ended"]
"""A report of its own; known as it is; told what is new of it; the same case as another platform's; one that they have
from us; over before it came, so that nothing is left to do."""
_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class KnownIds:
    """What is known before a row: ids, those of the reports that they are, and the report of our case that it names."""

    ids: Mapping[Key, Mapped]
    reports: Mapping[str, Sequence[Mapped]]
    ours: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: accept `sends`, or `instead` where that report was there already, then remember `ids`."""

    became: Became
    report: str | None
    sends: Submission | None = None
    instead: Submission | None = None
    ids: tuple[Mapped, ...] = ()


def plan(platform: NeighbourPlatform, row: TheirRow, known: KnownIds, now_ms: int) -> Plan:
    """The plan for one row. Raises `Refused` where it would make one of two cases, here or there."""
    own = known.ids.get((platform.code, row.theirs))
    report = _report(platform, row, own, known)
    if own is not None and own.digest == _digest(row) and own.state != "named":
        return Plan("known", own.report)
    reported_ms = now_ms if row.reported_ms is None else row.reported_ms
    now = Mapped(
        platform.code, row.theirs, report, "taken", row.state.value, _digest(row), _words(row.text), _place(row),
        row.due_ms, reported_ms, own.taken_ms if own else now_ms, own.version + 1 if own else 0,
    )  # fmt: skip
    named = tuple(
        Mapped(*key, report, "named", taken_ms=now_ms)
        for key in row.also
        if key not in known.ids and report is not None
    )
    if report is None and row.state is not TheirState.OPEN:
        return Plan("ended", None, ids=(now._replace(state="ended"),))
    facts = PlatformFacts(
        platform=platform.code, name=platform.name, theirs=row.theirs, reported_ms=row.reported_ms, due_ms=row.due_ms,
        withdrawn=row.state is TheirState.WITHDRAWN, urgent=row.urgent,
    )  # fmt: skip
    if report is None:
        report = platform_report_id(*(row.also[0] if row.also else now.key))
        named = tuple(Mapped(*key, report, "named", taken_ms=now_ms) for key in row.also)
        ids = (now._replace(report=report), *named)
        return Plan("new", report, _opened(row, report, facts), _more(row, report, facts, now, row.text), ids)
    if own is not None and own.state in ("taken", "same", "ours"):
        now = now._replace(state=own.state, reported_ms=own.reported_ms)
        return Plan("changed", report, _changes(row, report, facts, own, now), ids=(now, *named))
    said = {each.words for each in known.reports.get(report, ())}
    added = "" if now.words in said else row.text
    state: Literal["ours", "same"] = "ours" if report == known.ours else "same"
    return Plan(state, report, _more(row, report, facts, now, added), ids=(now._replace(state=state), *named))


def _report(platform: NeighbourPlatform, row: TheirRow, own: Mapped | None, known: KnownIds) -> str | None:
    """The report here that a row is, by its own id and those that it names; None: none yet."""
    named = [known.ids[key].report for key in row.also if key in known.ids]
    said = dict.fromkeys(each for each in [own.report if own else None, known.ours, *named] if each is not None)
    if len(said) > 1:
        raise bad_cell("platform_two_cases", platform.columns.id, given=row.theirs, reports=", ".join(said))
    report = next(iter(said), None)
    here = {each.platform: each.theirs for each in known.reports.get(report or "", ())}
    for code, theirs in here.items() if report is not None else ():
        if any(key[0] == code and key[1] != theirs for key in ((platform.code, row.theirs), *row.also)):
            raise bad_cell("platform_named_twice", platform.columns.id, given=row.theirs, platform=code, other=theirs)
    return report


def _opened(row: TheirRow, report: str, facts: PlatformFacts) -> PlatformReport:
    return PlatformReport(
        id=report, reporter=report.replace(BY, ":"), platforms=(facts,), kind=row.kind, text=row.text,
        category=row.category, urgent=row.urgent, address=row.address, code=row.place, lat=row.lat, lon=row.lon,
        datum=row.datum,
    )  # fmt: skip


def _changes(row: TheirRow, report: str, facts: PlatformFacts, was: Mapped, now: Mapped) -> Submission | None:
    """What is new of a row; None where nothing of it concerns us."""
    added, moved = _added(row.text, was.words), now.place != was.place
    withdrawn = TheirState.WITHDRAWN.value in (was.there, now.there) and was.there != now.there
    # the map does not say whether it was urgent: the case knows, and what it knows already changes nothing
    urgency = row.urgent or now.there == was.there
    if not (added or moved or withdrawn or urgency or now.due_ms != was.due_ms):
        return None
    return _more(row, report, facts, now, added, place=moved)


def _more(
    row: TheirRow, report: str, facts: PlatformFacts, now: Mapped, text: str, *, place: bool = False
) -> PlatformSupplement:
    """Its id follows from the row, so that a process that was killed sends the same again."""
    id = f"{platform_report_id(*now.key)}.{now.version}-{now.digest[:_SHORT]}"
    where = row if place else TheirRow(row.theirs)
    return PlatformSupplement(
        id=id, report=report, reporter=report.replace(BY, ":"), text=text, platform=facts, address=where.address,
        code=where.place, lat=where.lat, lon=where.lon, datum=where.datum,
    )  # fmt: skip


def _digest(row: TheirRow) -> str:
    said = (row.text, _place(row), row.due_ms, row.state.value, row.urgent, row.also, row.ours)
    return sha256(repr(said).encode()).hexdigest()[:32]


def _place(row: TheirRow) -> str:
    where = repr((row.address, row.place, row.lat, row.lon))
    return sha256(where.encode()).hexdigest()[:_SHORT]


def _words(text: str) -> str:
    """Recognises a text, and what is added to its end, without keeping it."""
    return f"{len(text)}:{sha256(text.encode()).hexdigest()[:32]}"


def _added(text: str, was: str) -> str:
    """What a text has more than before; all of it where it is another one."""
    length = int(was.partition(":")[0] or 0)
    return text[length:].strip() if _words(text[:length]) == was else text
