"""`python -m tests.upgrade`: takes over a system of the last release, full of cases, with kill -9 in the middle."""

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

from bench.table import markdown
from tests.upgrade.story import UpgradeStory


def main() -> int:
    """0 when nothing was lost or counted twice, and all figures are equal."""
    asked = argparse.ArgumentParser(prog="python -m tests.upgrade", description=__doc__)
    asked.add_argument("--speed", type=float, default=20.0, help="minutes of the day in a second")
    given = asked.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="grid36-upgrade-") as folder:
        story = UpgradeStory(Path(folder), print, speed=given.speed)
        asyncio.run(story.play())
        print(f"\nload {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end\n")
        print(markdown(story.rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
