"""A gateway process for tests that kill it: `python -m tests.processes.gateway_process HOME SERVERS PREFIX`."""

import asyncio
import sys
from pathlib import Path

from tests.worlds.doors import doors


async def main(home: Path, servers: str, prefix: str) -> None:
    """Print the address, then serve until killed."""
    (home / "ledger.sqlite").unlink(missing_ok=True)
    async with doors(home, servers=servers, prefix=prefix) as running:
        print(f"http://127.0.0.1:{running.client.port}", flush=True)  # noqa: T201 - the parent reads it
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
