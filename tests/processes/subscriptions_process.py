"""Subscriptions that kill themselves: `python -m tests.processes.subscriptions_process HOME SERVERS PREFIX N`.

They do so when a subscriber has taken the request number N, and nobody knows it yet.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from connectors.subscriptions import delivering
from connectors.subscriptions.deliveries import PostVerdict
from connectors.subscriptions.posting import post
from tests.worlds.live_work import working
from tests.worlds.subscribed_city import works


async def main(home: Path, servers: str, prefix: str, last: int) -> None:
    """Read and post until killed."""
    count = 0

    async def post_and_die(*args: object, **more: object) -> PostVerdict:
        nonlocal count
        verdict = await post(*args, **more)  # type: ignore[arg-type]
        count += not verdict.why
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return verdict

    setattr(delivering, "post", post_and_die)  # noqa: B010  # mypy does not let a function be replaced
    async with works(home, servers, prefix) as (running, _), working(*running):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
