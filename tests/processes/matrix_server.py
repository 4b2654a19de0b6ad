"""A real Matrix server for tests: Synapse on SQLite, on 127.0.0.1 only, from the packages in `.matrix`."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from grid36.machine.ports import free_port
from grid36.settings import CHECKOUT
from tests.processes.waiting import wait_until

NAME: Final = "city.test"
SECRET: Final = "of the tests"
UNLIMITED: Final = {"per_second": 100_000, "burst_count": 100_000}
PYTHON: Final = CHECKOUT / ".matrix" / "bin" / "python"


@dataclass(frozen=True)
class MatrixUser:
    """An account."""

    id: str
    password: str
    token: str


class MatrixServer:
    """One server under `folder`; it has the same address and accounts after it was killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._child: subprocess.Popen[bytes] | None = None
        self.admin: MatrixUser | None = None
        (folder / "homeserver.json").write_text(json.dumps(_settings(folder, self._port)))
        (folder / "log.json").write_text(json.dumps(_logging(folder)))

    async def start(self) -> None:
        """Until it answers; nothing if it runs."""
        if self._child is not None and self._child.poll() is None:
            return
        command = [str(PYTHON), "-m", "synapse.app.homeserver", "-c", str(self.folder / "homeserver.json")]
        with (self.folder / "out.txt").open("ab") as out:
            self._child = subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=out)  # noqa: ASYNC220 - at once
        await wait_until(self._answers, "an answer of the Matrix server", 60)
        if self.admin is None:
            self.admin = await self.register("steward", admin=True)

    async def kill(self) -> None:
        """As `kill -9` does."""
        if self._child is not None:
            self._child.kill()
            await asyncio.to_thread(self._child.wait)

    async def register(self, name: str, *, admin: bool = False) -> MatrixUser:
        """A new account, by the shared secret."""
        path, password = "/_synapse/admin/v1/register", secrets.token_hex(8)
        nonce = (await self.call("GET", path))["nonce"]
        role = "admin" if admin else "notadmin"
        signed = "\0".join((nonce, name, password, role)).encode()
        mac = hmac.new(SECRET.encode(), signed, hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac}
        answer = await self.call("POST", path, body)
        return MatrixUser(answer["user_id"], password, answer["access_token"])

    async def limit(self, user: str, per_second: int, burst: int) -> None:
        """How much one account may send."""
        body = {"messages_per_second": per_second, "burst_count": burst}
        assert self.admin is not None
        path = f"/_synapse/admin/v1/users/{user}/override_ratelimit"
        await self.call("POST", path, body, token=self.admin.token)

    async def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, token: str = ""
    ) -> dict[str, Any]:
        """The answer to a request that succeeds."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, self.url + path, json=body) as response,
        ):
            answer: dict[str, Any] = await response.json()
            assert response.status == 200, (response.status, answer)
            return answer

    async def _answers(self) -> bool:
        assert self._child is not None
        assert self._child.poll() is None, (self.folder / "out.txt").read_text()[-3000:]
        try:
            await self.call("GET", "/_matrix/client/versions")
        except (aiohttp.ClientError, AssertionError):
            return False
        return True


_shared: list[MatrixServer] = []


async def shared_server() -> MatrixServer:
    """The one server of this process; it runs, whatever a test did with it, and has the accounts of all tests."""
    if not _shared:
        _shared.append(MatrixServer(Path(tempfile.mkdtemp(prefix="matrix-"))))
    await _shared[0].start()
    return _shared[0]


async def end_shared_server() -> None:
    """For good."""
    for server in _shared:
        await server.kill()
        await asyncio.to_thread(shutil.rmtree, server.folder)
    _shared.clear()


def _settings(folder: Path, port: int) -> dict[str, Any]:
    listener = {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"]}]}
    limits = ("rc_message", "rc_registration", "rc_joins_per_room", "rc_admin_redaction", "rc_media_create")
    return {
        "server_name": NAME,
        "listeners": [listener],
        "pid_file": str(folder / "pid"),
        "log_config": str(folder / "log.json"),
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.sqlite")}},
        "media_store_path": str(folder / "media"),
        "registration_shared_secret": SECRET,
        "macaroon_secret_key": secrets.token_hex(),
        "form_secret": secrets.token_hex(),
        "signing_key": f"ed25519 a_1 {base64.b64encode(secrets.token_bytes(32)).decode().rstrip('=')}",
        "bcrypt_rounds": 4,
        "report_stats": False,
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "presence": {"enabled": False},
        **dict.fromkeys(limits, UNLIMITED),
        "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), UNLIMITED),
        "rc_joins": dict.fromkeys(("local", "remote"), UNLIMITED),
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), UNLIMITED),
    }


def _logging(folder: Path) -> dict[str, Any]:
    handler = {"class": "logging.FileHandler", "filename": str(folder / "log.txt")}
    return {"version": 1, "handlers": {"file": handler}, "root": {"level": "WARNING", "handlers": ["file"]}}
