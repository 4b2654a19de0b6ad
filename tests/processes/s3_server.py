"""A real S3 server for tests: S3Proxy on a folder, on 127.0.0.1 only, from the jar in `.s3`. It checks signatures."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import aiohttp

from grid36.machine.ports import free_port
from grid36.settings import CHECKOUT
from tests.processes.brokers import run_apart
from tests.processes.waiting import wait_until

JARS: Final = CHECKOUT / ".s3"
KEY: Final = "key-of-the-tests"
SECRET: Final = "secret-of-the-tests"
BUCKET: Final = "photos"


class S3Server:
    """One server under `folder`; it has the same address and files after it was killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._child: subprocess.Popen[bytes] | None = None
        (folder / "data" / BUCKET).mkdir(parents=True)
        (folder / "settings").write_text(
            "\n".join(
                [
                    f"s3proxy.endpoint={self.url}",
                    "s3proxy.authorization=aws-v2-or-v4",
                    f"s3proxy.identity={KEY}",
                    f"s3proxy.credential={SECRET}",
                    "s3proxy.ignore-unknown-headers=true",  # it does not know the checksum of a list to delete
                    "jclouds.provider=filesystem-nio2",
                    "jclouds.identity=local",
                    "jclouds.credential=local",
                    f"jclouds.filesystem.basedir={folder / 'data'}",
                ]
            )
        )

    def address(self, prefix: str) -> str:
        """What `GRID36_PHOTOS` says."""
        return f"s3://{BUCKET}/{prefix}?endpoint={self.url}&region=us-east-1"

    def start(self) -> None:
        """Until it answers; nothing if it runs."""
        if self._child is not None and self._child.poll() is None:
            return
        (jar,) = JARS.glob("s3proxy-*.jar")
        command = ["java", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-jar", str(jar)]
        with (self._folder / "out.txt").open("ab") as out:
            self._child = subprocess.Popen(
                [*command, "--properties", str(self._folder / "settings")], stdout=out, stderr=out
            )
        run_apart(wait_until(self._answers, "an answer of the S3 server", 60))

    def kill(self) -> None:
        """As `kill -9` does."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    async def _answers(self) -> bool:
        assert self._child is not None
        assert self._child.poll() is None, (self._folder / "out.txt").read_text()[-3000:]
        try:
            async with aiohttp.ClientSession() as session, session.get(self.url) as response:
                return response.status in {200, 403}
        except aiohttp.ClientError:
            return False


@contextmanager
def running_s3(folder: Path) -> Iterator[S3Server]:
    """Start it, and end it by force afterwards."""
    server = S3Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
