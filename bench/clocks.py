"""How many deadlines one core works out per second: `python -m bench.clocks` in the repository's root.

Four years with China's make-up days, a lunch break, a cut-off, and organisations with hours of their own.
"""

import random
import time
from collections.abc import Callable

from bench.table import Row, markdown
from rules.time.working import due_at, working
from schemas.calendar import WorkCalendar
from tests.worlds.calendars import CHINA

RATE = 100_000
LIMITS = ("30m", "3uh", "4wh", "30wh", "5wd", "sd")
CREWS = (None, "sanitation", "night", "half-saturday", "parks")


def rate(compute: Callable[[int, str, str | None], int], count: int) -> float:
    """Computations per second of CPU, over two years, all limits and all organisations."""
    draw = random.Random(36)
    first, last = 1_688_000_000_000, 1_750_000_000_000
    asked = [(draw.randrange(first, last), draw.choice(LIMITS), draw.choice(CREWS)) for _ in range(count)]
    start = time.process_time()
    for t_ms, limit, organisation in asked:
        compute(t_ms, limit, organisation)
    return count / (time.process_time() - start)


def measure(count: int, calendar: WorkCalendar = CHINA) -> list[Row]:
    """Deadlines, and what is left of a limit, per second of one core."""
    start = time.process_time()
    for organisation in CREWS:
        working(calendar, organisation)
    ready_ms = (time.process_time() - start) * 1000 / len(CREWS)
    dues = rate(lambda t_ms, limit, organisation: due_at(t_ms, limit, calendar, organisation), count)
    lefts = rate(
        lambda t_ms, limit, organisation: working(calendar, organisation).worked_ms(t_ms, t_ms + 86_400_000), count
    )
    return [
        Row.at_least("clocks: deadlines of every kind", dues, RATE, "/s"),
        Row.at_least("clocks: work between two moments", lefts, RATE, "/s"),
        Row.plain("clocks: three years made ready, per organisation", ready_ms, "ms CPU", 0),
    ]


if __name__ == "__main__":
    print(markdown(measure(200_000)))
