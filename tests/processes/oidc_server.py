"""A real OpenID provider for tests: Canaille in memory, on 127.0.0.1 only, from the packages in `.oidc`."""

import asyncio
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import aiohttp

from connectors.accounts.oidc.provider import Provider
from grid36.machine.ports import free_port
from grid36.settings import CHECKOUT
from tests.processes.waiting import wait_until

PYTHON: Final = CHECKOUT / ".oidc" / "bin" / "python"
PROCESS: Final = Path(__file__).parent / "canaille_process.py"
CLIENT, SECRET = "grid36", "secret of the tests"


class OidcServer:
    """One provider; its address is known before it starts."""

    def __init__(self, folder: Path) -> None:
        self._out, self._port = folder / "out.txt", free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def provider(self) -> Provider:
        """How it is set: it calls the person's name there `sub`."""
        return Provider(self.url, CLIENT, SECRET, "sub")

    async def start(self, address: str, passwords: Mapping[str, str]) -> None:
        """For the pages at an address and these people, until it answers."""
        told = {"port": self._port, "client": CLIENT, "secret": SECRET, "address": address, "passwords": passwords}
        with self._out.open("ab") as out:
            command = [str(PYTHON), str(PROCESS), json.dumps(told)]
            self._child = subprocess.Popen(command, stdout=out, stderr=out)  # noqa: ASYNC220 - at once
        await wait_until(self._answers, "an answer of the OpenID provider", 60)

    async def kill(self) -> None:
        """As `kill -9` does."""
        if self._child is not None:
            self._child.kill()
            await asyncio.to_thread(self._child.wait)

    async def _answers(self) -> bool:
        assert self._child is not None
        assert self._child.poll() is None, self._out.read_text()[-3000:]
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{self.url}/.well-known/openid-configuration") as response,
            ):
                return response.status == 200
        except aiohttp.ClientError:
            return False
