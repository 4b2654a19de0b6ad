"""Java's archive of Kafka's classes, made once by `make setup`: with it a broker starts sooner and is smaller.

Java takes it only if its version and the jars are those of the archive; otherwise it reads the jars.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from grid36.machine.broker import ARCHIVE, Broker
from grid36.settings import CHECKOUT


class RecordedBroker(Broker):
    """A broker that writes the classes it used to `archive` when it ends."""

    def __init__(self, home: Path, archive: Path) -> None:
        super().__init__(home)
        self._archive = archive

    def class_options(self) -> list[str]:
        """Java writes the archive at the end, without a line for each class that cannot be in it."""
        return [f"-XX:ArchiveClassesAtExit={self._archive}", "-Xlog:cds*=off"]


async def archive_classes(archive: Path) -> None:
    """Start a broker in a home of its own, stop it, and put the archive in place as a whole.

    Raises as `Broker.start`, and `FileNotFoundError` when Java wrote none.
    """
    new = archive.with_suffix(".new")
    with TemporaryDirectory() as home:
        broker = RecordedBroker(Path(home), new)
        try:
            await broker.start()
        finally:
            await broker.stop(60)  # it writes while it ends
    new.replace(archive)


if __name__ == "__main__":
    asyncio.run(archive_classes(CHECKOUT / ".kafka" / ARCHIVE))
