"""Whether a worker or the ledger of this home is well, for the probes of a container.

`python -m grid36.machine.probe worker [--ready]`: exit code 0, or 1 with the reason. It only reads a file and imports
nothing of ours, because it is asked every few seconds: `grid36 status` costs a second of CPU.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import time
from typing import Final

SILENT_S: Final = 60.0
"""A worker says how it is at least every five seconds; after this long it hangs, or its machine stands still."""


def probe(home: Path, name: str, *, ready: bool, now_s: float) -> str | None:
    """What is wrong with the process of that name, in a sentence; None when it is well.

    `ready`: whether it has also taken over its partitions. `now_s` is the time of the clock.
    """
    try:
        said = json.loads((home / "status" / f"{name}.json").read_text())
    except (OSError, ValueError):
        return f"{name} has said nothing yet"
    silent_s = now_s - said["at_ms"] / 1000 if "at_ms" in said else 0.0  # only workers say it again and again
    if silent_s > SILENT_S:
        return f"{name} has said nothing for {silent_s:.0f} s"
    if ready and said.get("state") != "running":
        return f"{name}: {said.get('state')}"
    return None


def main(words: Sequence[str], home: Path) -> int:
    """The exit code."""
    names = [word for word in words if not word.startswith("--")]
    if len(names) != 1 or set(words) - {*names, "--ready"}:
        sys.stderr.write("usage: python -m grid36.machine.probe worker|ledger [--ready]\n")
        return 2
    wrong = probe(home, names[0], ready="--ready" in words, now_s=time())
    sys.stderr.write(f"{wrong}\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(os.environ.get("GRID36_HOME", ".grid36"))))
