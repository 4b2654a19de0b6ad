"""A writer of statements that kills itself: `python -m tests.processes.proofs_process HOME SERVERS PREFIX WHEN`.

`before` the commit of its transaction, or `after` it, when it has not noted yet that they are written.
"""

import asyncio
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiokafka import AIOKafkaProducer

from connectors.ledger.queries.cases import Ledger
from connectors.proofs.accounts import Proofs
from connectors.proofs.book import ProofBook
from connectors.proofs.statements import Statements
from grid36.kafka.topics import ensure_proofs

ZONE = ZoneInfo("Asia/Shanghai")


async def main(home: Path, servers: str, prefix: str, when: str) -> None:
    """Write until killed."""

    async def die(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if when == "before":
        setattr(AIOKafkaProducer, "commit_transaction", die)  # noqa: B010  # mypy does not let a method be replaced
    else:
        setattr(ProofBook, "written", lambda *_: os.kill(os.getpid(), signal.SIGKILL))  # noqa: B010
    proofs = Proofs(ProofBook(home / "proofs.sqlite", ZONE), Ledger(home / "none.sqlite"))
    await Statements(proofs, ZONE, servers, partial(ensure_proofs, servers, prefix=prefix), prefix=prefix).write()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
