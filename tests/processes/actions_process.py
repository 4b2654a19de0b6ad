"""A reader of departments' acts that kills itself: `python -m tests.processes.actions_process HOME SERVERS PREFIX N`.

It does so when its outbox has the act number N, and nobody knows it yet.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from connectors.outbox.store import Message, Outbox
from tests.worlds.department_doors import department_doors, reader_of


async def main(home: Path, servers: str, prefix: str, last: int) -> None:
    """Read until killed."""
    (home / "ledger.sqlite").unlink(missing_ok=True)
    put, count = Outbox.put, 0

    async def put_and_die(self: Outbox, message: Message) -> bool:
        nonlocal count
        done = await put(self, message)
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(Outbox, "put", put_and_die)  # noqa: B010  # mypy does not let a method be replaced
    async with department_doors(home) as doors, reader_of(doors.gateway, home, servers, prefix) as reader:
        await reader.run()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
