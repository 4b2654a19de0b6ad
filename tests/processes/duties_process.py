"""A gateway whose days are half a second long, for tests that kill it: `python -m tests.processes.duties_process ...`.

Arguments: home, servers, prefix, the moment (s) at which the other time began, that moment in it and its end (ms UTC).
"""

import asyncio
import sys
import time
from pathlib import Path
from typing import Final

from connectors.intake.duties import DutyReports
from schemas.duty import Duty
from tests.worlds.doors import doors

ZONE: Final = "Europe/Berlin"
DAY_S: Final = 0.5
DUTIES: Final = tuple(
    Duty.model_validate(
        {"id": name, "name": {"zh": "值守"}, "place": "G01", "window": window, "person": "p1", "weekdays": weekdays}
    )
    for name, window, weekdays in (
        ("school-run", "07:20-08:10", ["mon", "tue", "wed", "thu", "fri"]),
        ("night", "02:30-04:00", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        ("market", "16:00-18:00", ["sat", "sun"]),
    )
)


async def main(home: Path, servers: str, prefix: str, began_s: float, first_ms: int, last_ms: int) -> None:
    """Make duties due until killed."""
    (home / "ledger.sqlite").unlink(missing_ok=True)
    async with doors(home, servers=servers, prefix=prefix) as running:
        gateway = running.gateway
        gateway.region = gateway.region.model_copy(update={"zone": ZONE})
        gateway.rulebook = gateway.rulebook.model_copy(update={"duties": DUTIES})
        gateway.clock = lambda: min(last_ms, first_ms + round((time.time() - began_s) / DAY_S * 86_400_000))
        await DutyReports(gateway, home / "duties.json", look_s=0.01).run()


if __name__ == "__main__":
    folder, kafka, before, *times = sys.argv[1:]
    asyncio.run(main(Path(folder), kafka, before, float(times[0]), int(times[1]), int(times[2])))
