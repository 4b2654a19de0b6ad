"""After the faults: what the log must say, by a plain run of the same records; what each report must have become."""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from aiokafka.structs import ConsumerRecord

from connectors.ledger.queries.cases import Ledger
from grid36.system.balance import balance, deep
from rules.book.compiled_rulebook import CompiledRulebook
from schemas.case import share_of
from schemas.errors import Stop
from schemas.topics import CASES, COMMANDS, EVENTS, INTAKE, MEASURES, PARKED, REPORTS, TEXTS
from streams.cases.step import Decide
from streams.partition.bookkeeping import KEY
from streams.partition.contract import ConsumedRecord, Output
from tests.faults.garbage import Garbage
from tests.faults.stage import Stage
from tests.faults.stories import Life
from tests.oracles.plain_run import PlainSystem
from tests.processes.live_log import department_topics, everything

Pair = tuple[bytes | None, bytes | None]
Log = list[list[ConsumerRecord]]


@dataclass
class Verdict:
    """Lines of (what, how many, what is wrong); nothing wrong: it held."""

    lines: list[tuple[str, int, list[str]]] = field(default_factory=list)

    def add(self, what: str, count: int, wrong: Iterable[str]) -> None:
        """One more line."""
        self.lines.append((what, count, list(wrong)))

    @property
    def wrong(self) -> list[str]:
        """Everything that is wrong."""
        return [f"{what}: {each}" for what, _, wrong in self.lines for each in wrong]


async def settled(stage: Stage, limit_s: float) -> str:
    """Wait until nothing is on its way any more; what still is, when the time is over."""
    last = ""
    try:
        async with asyncio.timeout(limit_s):
            while True:
                numbers = await balance(stage.settings, stage.servers)
                if numbers["in_flight"] == 0:
                    proof = await deep(stage.settings, stage.servers)
                    last = "; ".join(proof["differences"][:5])
                    if not last:
                        return ""
                else:
                    last = f"{numbers['in_flight']} records in flight"
                await asyncio.sleep(0.5)
    except TimeoutError:
        return last or "it did not settle"


async def caught_up(servers: str, partitions: int, *, prefix: str = "", limit_s: float = 60.0) -> None:
    """Return when each step has applied the last record there is for it, by its own bookkeeping: then no more comes.

    Raises `TimeoutError`.
    """
    async with asyncio.timeout(limit_s):
        for source, state in ((REPORTS, INTAKE), (COMMANDS, CASES), (EVENTS, MEASURES)):
            log = await everything(servers, prefix + source, partitions)
            while not all(  # noqa: ASYNC110  # nobody tells us
                map(_applied, log, await everything(servers, prefix + state, partitions))
            ):
                await asyncio.sleep(0.5)


def _applied(records: Sequence[ConsumerRecord], state: Iterable[ConsumerRecord]) -> bool:
    """Whether the bookkeeping in a partition of a state topic stands behind the last of the records."""
    kept = json.loads(_compacted(state).get(KEY, b"{}"))
    return not records or int(kept.get("next", 0)) > int(records[-1].offset)


async def judge(
    stage: Stage,
    lives: Sequence[Life],
    thrown: Sequence[Garbage],
    book: CompiledRulebook,
    rules: Decide,
    patience_s: float = 90.0,
) -> Verdict:
    """Everything that must be so after any faults."""
    verdict = Verdict()
    still = await settled(stage, patience_s)
    verdict.add("nothing stands still, no store differs from the log", 1, [still] if still else [])
    log, orders = await compare(verdict, stage.servers, stage.partitions, book, rules, history=False)
    numbers = await balance(stage.settings, stage.servers)
    verdict.add("balance exact", numbers["accepted"], _balance(numbers, lives, thrown))
    verdict.add("each report as written down before", len(lives), _fates(Ledger(stage.settings.ledger_file), lives))
    verdict.add("garbage set aside with its reason", len(thrown), _aside(thrown, log))
    keys = {record.key for parts in orders.values() for part in parts for record in part}
    wrong = [] if len(keys) == numbers["routed"] else [f"{len(keys)} orders, {numbers['routed']} routed"]
    verdict.add("orders counted by an independent reader", len(keys), wrong)
    return verdict


async def compare(
    verdict: Verdict,
    servers: str,
    partitions: int,
    book: CompiledRulebook,
    rules: Decide,
    *,
    history: bool,
    prefix: str = "",
) -> tuple[dict[str, Log], dict[str, Log]]:
    """Read everything a system wrote, and judge it by a plain run of the same reports and commands."""

    async def read(topics: Iterable[str]) -> dict[str, Log]:
        return {topic: await everything(servers, prefix + topic, partitions) for topic in topics}

    log = await read((REPORTS, COMMANDS, EVENTS, TEXTS, PARKED, CASES, INTAKE, MEASURES))
    orders = await read(await department_topics(servers, prefix))
    system = PlainSystem(book, partitions, history=history, rules=rules, prefix=prefix)
    # in a thread: our own Kafka clients would time out meanwhile
    await asyncio.to_thread(_compare_all, verdict, _Plain(system, prefix), log, orders)
    return log, orders


def _compare_all(verdict: Verdict, plain: "_Plain", log: dict[str, Log], orders: dict[str, Log]) -> None:
    for topic in (REPORTS, COMMANDS, EVENTS):
        plain.run(topic, log[topic])
    verdict.add("a plain run gets through the log", _count(log[COMMANDS]), plain.stopped)
    for topic in (EVENTS, TEXTS):
        verdict.add(f"{topic} equal to a plain run", _count(log[topic]), _compare(plain.written(topic), log[topic]))
    differences = [each for topic in orders for each in _compare_orders(plain.written(topic), orders[topic])]
    verdict.add("orders equal to a plain run", sum(map(_count, orders.values())), differences)
    verdict.add("commands of locate and effects, each once", _count(log[COMMANDS]), plain.commands(log[COMMANDS]))
    for topic, source in ((CASES, COMMANDS), (INTAKE, REPORTS), (MEASURES, EVENTS)):
        verdict.add(f"state {topic} equal", _count(log[topic]), plain.state(source, log[topic]))


def _count(log: Log) -> int:
    return sum(map(len, log))


class _Plain:
    """What a plain run of the same records wrote."""

    def __init__(self, system: PlainSystem, prefix: str) -> None:
        self._system, self._prefix = system, prefix
        self._outputs: dict[str, list[list[Output]]] = {}
        self.stopped: list[str] = []

    def run(self, topic: str, log: Log) -> None:
        """Feed one topic through its step."""
        for number, part in enumerate(log):
            for record in part:
                try:
                    self._apply(topic, number, record)
                except Stop as stop:
                    self.stopped.append(f"{topic}/{number} at offset {record.offset}: {stop}")
                    break

    def _apply(self, topic: str, number: int, record: ConsumerRecord) -> None:
        plain = ConsumedRecord(record.offset, record.timestamp, record.key, record.value)
        for output in self._system.apply(topic, number, plain):
            partitions = len(self._system.steps[topic])
            of_topic = self._outputs.setdefault(output.topic, [[] for _ in range(partitions)])
            of_topic[output.partition].append(output)

    def written(self, topic: str) -> list[list[Pair]]:
        """Key and value of everything in a topic, by partition."""
        return [[(o.key, o.value) for o in part] for part in self._outputs.get(self._prefix + topic, [])]

    def commands(self, log: Log) -> list[str]:
        """What `locate` and `cases` must have appended to `commands` is there, each exactly once."""
        expected = Counter(pair for part in self.written(COMMANDS) for pair in part)
        found = Counter((record.key, record.value) for part in log for record in part)
        return [
            f"{count} times instead of {found[pair]}: {(pair[1] or b'')[:120]!r}"
            for pair, count in expected.items()
            if found[pair] != count
        ]

    def state(self, source: str, log: Log) -> list[str]:
        """The compacted state of the step that reads `source` is what its plain run holds."""
        wrong: list[str] = []
        for number, part in enumerate(log):
            found = _compacted(part)
            step = self._system.steps[source][number].step
            kept = json.loads(found.pop(KEY, b"{}"))
            own = {name: value for name, value in step.bookkeeping().items() if kept.get(name) != value}
            if found or kept:
                wrong += [f"{number}: {KEY}.{name} is {kept.get(name)}, not {value}" for name, value in own.items()]
            expected = self._system.state_of(source, number)
            wrong += [
                f"{number}: {key} is not what a plain run says"
                for key in sorted(found.keys() | expected.keys())
                if found.get(key) != expected.get(key)
            ]
        return wrong[:20]


def _compacted(part: Iterable[ConsumerRecord]) -> dict[str, bytes]:
    state: dict[str, bytes] = {}
    for record in part:
        if record.value is None:
            state.pop(record.key.decode(), None)
        else:
            state[record.key.decode()] = record.value
    return state


def _compare(expected: list[list[Pair]], log: Log) -> list[str]:
    """Lost, doubled or different, partition by partition, in order."""
    wrong = []
    for number, part in enumerate(log):
        ours = expected[number] if expected else []
        theirs = [(record.key, record.value) for record in part]
        if ours == theirs:
            continue
        lost, extra = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
        wrong.append(
            f"partition {number}: {sum(lost.values())} lost, {sum(extra.values())} doubled or different of {len(ours)};"
            f" {_first_difference(ours, theirs)}"
        )
    return wrong


def _first_difference(ours: Sequence[Pair], theirs: Sequence[Pair]) -> str:
    """Where two lists part, and what stands there."""
    for number, (mine, found) in enumerate(zip_longest(ours, theirs)):
        if mine != found:
            wanted, there = _line(mine), _line(found)
            same = next((n for n, (a, b) in enumerate(zip(wanted, there, strict=False)) if a != b), 0)
            part = slice(max(0, same - 60), same + 200)
            return f"the first is number {number}, from byte {part.start}: {there[part]!r} instead of {wanted[part]!r}"
    return ""


def _line(pair: Pair | None) -> bytes:
    key, value = pair or (b"", b"")
    return b"%s %s" % (key or b"", value or b"")


def _compare_orders(expected: list[list[Pair]], log: Log) -> list[str]:
    """What departments were told in all, and how each order was last, up to its end.

    Where a transaction ends is nobody's promise: it writes one order of a case, which names what all had changed.
    """
    wrong = []
    for number, part in enumerate(log):
        ours = _orders(expected[number] if expected else [])
        theirs = _orders((record.key, record.value) for record in part)
        differ = sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))
        if differ:
            first = differ[0]
            wrong.append(
                f"partition {number}: {len(differ)} of {len(ours)} differ; the first is {first.decode()}:"
                f" {theirs.get(first)} instead of {ours.get(first)}"[:400]
            )
    return wrong


def _orders(records: Iterable[Pair]) -> dict[bytes, list[dict[str, Any]]]:
    """By case: its orders from one end to the next as if they were one; empty: an end."""
    cases: dict[bytes, list[dict[str, Any]]] = {}
    for key, value in records:
        orders = cases.setdefault(key or b"", [])
        order = json.loads(value or b"{}")
        if order and orders and orders[-1]:
            order["changed"] = orders.pop()["changed"] + order["changed"]
        orders.append(order)
    return cases


def _balance(numbers: dict[str, Any], lives: Sequence[Life], thrown: Sequence[Garbage]) -> list[str]:
    became = Counter(one.becomes for one in thrown)
    shares = Counter(life.fate.share for life in lives)
    wanted = {
        "accepted": len(lives) + became["case"] + became["parked"],
        "routed": shares["routed"],
        "refused": shares["refused"] + became["case"],  # their words are of a refused category
        "merged": shares["merged"],
        "waiting": shares["waiting"],
        "parked": shares["parked"] + became["parked"],
        "balanced": True,
    }
    return [f"{name} is {numbers[name]}, expected {value}" for name, value in wanted.items() if numbers[name] != value]


def _fates(ledger: Ledger, lives: Iterable[Life]) -> list[str]:
    wrong = []
    for life in lives:
        case, fate = ledger.case_of_report(life.report.id), life.fate
        if case is None:
            wrong += [] if life.parked else [f"{life.report.id} has no case"]
            continue
        master = ledger.case(case.master) if case.master else None
        assignee = case.assignee if fate.share == "routed" else None
        found = {
            "state": case.state.value,
            "share": share_of(case).value,
            "outcome": case.outcome.value if case.outcome else None,
            "assignee": assignee,
            "reworks": case.reworks,
            "returns": case.returns,
            "master": master.report if master else None,
        }
        wanted = {name: getattr(fate, name) for name in found}
        if fate.share != "routed":
            wanted["assignee"] = None
        wrong += [
            f"{life.report.id} ({case.number}): {name} is {found[name]!r}, expected {wanted[name]!r}"
            for name in found
            if found[name] != wanted[name]
        ]
    return wrong


def _aside(thrown: Iterable[Garbage], log: dict[str, Log]) -> list[str]:
    """Each record of garbage stands in `parked` as often as it was sent, with the class of its error and a reason."""
    parked = [json.loads(record.value) for part in log[PARKED] for record in part]
    found: Counter[tuple[str, str]] = Counter((row["sha256"], row["error"]) for row in parked if row["reason"])
    sent = {topic: Counter(r.value or b"" for part in log[topic] for r in part) for topic in (REPORTS, COMMANDS)}
    wrong = []
    for one in thrown:
        value = one.value or b""
        times = found[hashlib.sha256(value).hexdigest(), one.error]
        wanted = sent[one.topic][value] if one.becomes in {"parked", "aside"} else 0
        if one.becomes == "parked" and wanted > 1:
            continue  # it was sent again by a relay that got no answer; the second one is a repetition
        if times != wanted:
            wrong.append(f"{one.name}: {times} times in `parked` as {one.error}, expected {wanted}")
    return wrong
