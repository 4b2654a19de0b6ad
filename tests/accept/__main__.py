"""`python -m tests.accept DATA`: a real city's weeks, as history three times and once through `reports`."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grid36.files.region.commands import Head, load_region, new_region
from tests.accept.checks import check_balance, check_same_events, check_times
from tests.accept.expect import Areas, Expected, expected_of
from tests.accept.file_figures import groups_of
from tests.accept.page import check_page
from tests.accept.rehearsal import check_rehearsal, write_rules
from tests.accept.running import Running

FILE, AREAS = "nyc311_dec2015.csv", "nyc_neighborhoods.geojson"
MAPPING = Path(__file__).resolve().parents[2] / "regions" / "nyc" / "mapping.yaml"
DAYS = ("2015-12-01", "2015-12-31")
"""Of the page of statistics."""
RUNS = (("history", 1), ("history again", 1), ("history", 3))

Table = list[tuple[str, str, str]]


def say(words: str) -> None:
    """Progress, with the time of day."""
    print(f"{time.strftime('%H:%M:%S')}  {words}", flush=True)


@contextmanager
def checked(table: Table, what: str) -> Iterator[list[str]]:
    """One line of the table: passed with what was seen, or failed with the difference."""
    seen: list[str] = []
    try:
        yield seen
    except Exception as error:  # noqa: BLE001 - every failure becomes a line of the table
        say(str(error))
        table.append((what, "FAILED", str(error).strip().splitlines()[-1][:200]))
    else:
        table.append((what, "ok", "; ".join(seen)))
    say(f"{what}: {table[-1][1]} {table[-1][2]}")


def main(data: Path) -> int:
    """0 when everything is as the file says, 1 when not, 2 when the files are not there."""
    for name in (FILE, AREAS):
        if not (data / name).exists():
            print(f"{data / name} is missing. Give the folder with {FILE} and {AREAS}: make accept DATA=dir")
            return 2
    folder = Path(tempfile.mkdtemp(prefix="accept-"))
    try:
        table = story(data, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print()
    for what, verdict, words in table:
        print(f"{verdict:<7} {what:<44} {words}")
    return int(any(verdict != "ok" for _, verdict, _ in table))


def story(data: Path, folder: Path) -> Table:
    """All runs and all checks."""
    table: Table = []
    region = folder / "region"
    new_region(region, data / AREAS, None, Head(code="nyc", zone="America/New_York"))
    areas = Areas(data / AREAS, load_region(region).outside_limit_m)
    expected = expected_of(data / FILE, areas)
    say(
        f"the file: {expected.accepted} rows, {expected.routed} with a place, {expected.waiting} without; "
        f"{sum(map(len, expected.elsewhere.values()))} closed ones without a place count in a history only"
    )
    first: list[list[bytes]] | None = None
    groups = groups_of(data / FILE, areas.holds)
    for number, (name, workers) in enumerate(RUNS):
        what = f"{name}, {workers} worker{'s' * (workers > 1)}"
        events: list[list[bytes]] = []
        with (
            checked(table, what) as seen,
            Running(folder / f"home{number}", region, workers=workers, say=say) as system,
        ):
            seen.extend(replayed(system, data, expected.as_history))
            if first is None:
                seen.append(check_page(system.page, groups, *DAYS))
            events = system.events()
        if events and first is None:
            first = events
        elif first is not None:
            with checked(table, f"events of {what} as in the first run") as seen:
                seen.append(f"{check_same_events(first, events)} events equal byte for byte")
    ruled = folder / "ruled"
    new_region(ruled, data / AREAS, None, Head(code="nyc", zone="America/New_York"))
    rehearsal = write_rules(ruled, folder / "draft", data / FILE)
    with (
        checked(table, "decided by our rules, 2 workers") as seen,
        Running(folder / "rules", ruled, workers=2) as system,
    ):
        say(system.replay(data / FILE, MAPPING, "--decide"))
        assert system.settled_balance()["balanced"], "not every row is accounted for"
        seen.append(f"a changed row moves {check_rehearsal(system, rehearsal)} cases, as found by hand")
    with checked(table, "through reports, 2 workers") as seen, Running(folder / "live", region, workers=2) as system:
        seen.extend(replayed(system, data, expected, "--through", "reports"))
    return table


def replayed(system: Running, data: Path, expected: Expected, *more: str) -> list[str]:
    """Replay and check balance and times; what was seen."""
    began = time.monotonic()
    say(system.replay(data / FILE, MAPPING, *more))
    took = time.monotonic() - began
    check_balance(system.settled_balance(), expected)
    categories = check_times(system.answer("stats", "--by", "category"), expected)
    return [f"{expected.accepted} rows in {took:.0f} s", f"times of {categories} categories equal to the second"]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print("Usage: python -m tests.accept DATA   (or: make accept DATA=dir)")
        sys.exit(2)
    sys.exit(main(Path(sys.argv[1])))
