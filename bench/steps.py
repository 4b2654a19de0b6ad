"""CPU of the step `cases` without Kafka: open, acknowledge, resolve, verify, 1:1:1:1, in batches as a worker gets them.

`python -m bench.steps [cases] [--profile]` prints CPU per command in us: reading, deciding (rules, fold), rest.
"""

import argparse
import asyncio
import cProfile
import pstats
import time
from collections.abc import Iterator

from rules.decide import decide
from rules.draft import Around, Decision
from schemas.case import Case
from schemas.codec import encode
from schemas.command import Act, AnyCommand, Do, Open
from schemas.place import Found, PlaceGiven
from schemas.report import Photo, Report, Reporter
from schemas.topics import home
from streams.cases import CasesStep
from streams.shelf import shelf_of
from streams.step import Record, size_of
from tests.unit.streams.sample import START_MS, book

BATCH = 500
BOOK = book()


class Timed:
    """`decide` with a stopwatch, so that the rest is the engine's."""

    def __init__(self) -> None:
        self.cpu_s = 0.0

    def __call__(self, case: Case | None, command: AnyCommand, around: Around) -> Decision:
        """Decide, and note how long it took."""
        started = time.process_time()
        decision = decide(case, command, around)
        self.cpu_s += time.process_time() - started
        return decision


def commands(cases: int) -> Iterator[AnyCommand]:
    """Every case whole, batch by batch, so that a batch touches many cases once."""
    found = BOOK.places.locate(PlaceGiven(address="First Road 12"))
    assert isinstance(found, Found)
    at = home("test", found.place.grid)
    for start in range(0, cases, BATCH):
        some = range(start, min(start + BATCH, cases))
        for i in some:
            report = Report(
                id=f"report-{i:08d}",
                text="湖滨南路路面有油污，请处理",
                category="other",
                photos=(Photo(digest=f"{i:064x}"),),
                reporter=Reporter(id="walker"),
                door="page",
                received_ms=START_MS,
            )
            yield Open(id=report.id, home=at, report=report, place=found.place)
        for act, by in ((Act.ACKNOWLEDGE, "owner-a"), (Act.RESOLVE, "owner-a"), (Act.VERIFY, "walker")):
            photos = (Photo(digest="a" * 64),) if act is Act.RESOLVE else ()
            for i in some:
                case = f"{at}-2610-{i + 1:05d}"
                yield Do(id=f"{act}-{i:08d}", home=at, act=act, case=case, by=by, photos=photos)


def run(step: CasesStep, records: list[Record]) -> tuple[float, float, int, int]:
    """(CPU of reading ahead, CPU of applying, records written, bytes written)."""
    read_s = apply_s = 0.0
    written = size = 0
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        began = time.process_time()
        asyncio.run(step.prepare(batch))
        prepared = time.process_time()
        for record in batch:
            effects = step.apply(record, record.t_ms)
            written += len(effects.outputs) + len(effects.changes)
            size += sum(size_of(o.key, o.value, o.headers) for o in effects.outputs)
            size += sum(size_of(key.encode(), value) for key, value in effects.changes.items())
        read_s += prepared - began
        apply_s += time.process_time() - prepared
    return read_s, apply_s, written, size


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=5000)
    parser.add_argument("--profile", action="store_true", help="print the top of the profile instead")
    options = parser.parse_args()
    records = [
        Record(offset, START_MS + offset, b"k", encode(command))
        for offset, command in enumerate(commands(options.cases))
    ]
    rules = Timed()
    step = CasesStep(0, 1, shelf_of(BOOK), decide=decide if options.profile else rules)
    if options.profile:
        with cProfile.Profile() as profile:
            run(step, records)
        pstats.Stats(profile).sort_stats("tottime").print_stats(20)
        return
    read_s, apply_s, written, size = run(step, records)
    count = len(records)
    each = 1e6 / count
    assert step.memory.totals.refused_actions == 0
    assert step.bookkeeping()["counts"] == {"routed": options.cases}
    print(f"{count} commands: {written / count:.1f} records and {size / count:.0f} bytes each")
    print(
        f"read {read_s * each:.0f} us, decide {rules.cpu_s * each:.0f} us, rest {(apply_s - rules.cpu_s) * each:.0f} us"
    )


if __name__ == "__main__":
    main()
