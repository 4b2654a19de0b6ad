"""The home folder of a system on this machine: what runs where since when. `up` writes it, `status` reads it."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from grid36.machine.ports import free_port, is_free
from grid36.machine.process_identity import born, is_alive, is_same
from grid36.settings import Settings
from schemas.errors import Stop, WrongInput


class AlreadyUpError(Stop):
    """This system is up already. `grid36 status` shows it, `grid36 down` stops it; another GRID36_HOME has its own."""


class NoDemoHomeError(WrongInput):
    """This GRID36_HOME holds a system of your own, and the demo would fill it with invented reports. Unset
    GRID36_HOME, or name an empty folder.
    """


class HomeUnusableError(WrongInput):
    """This GRID36_HOME cannot be used. Name a folder that can be written: GRID36_HOME=/path grid36 ..."""


@dataclass(frozen=True)
class Home:
    """Files under `GRID36_HOME`."""

    folder: Path

    @property
    def state_file(self) -> Path:
        """The last state of its processes, written by `up`."""
        return self.folder / "state.json"

    @property
    def logs(self) -> Path:
        """One log file per process."""
        return self.folder / "logs"

    @property
    def created(self) -> Path:
        """The system as last known here (`grid36/system/create.py`)."""
        return self.folder / "created.json"

    def bookmark(self, group: str) -> Path:
        """The position of `grid36 consume` with this group; group names are encoded for file names."""
        return self.folder / "consume" / f"{sha256(group.encode()).hexdigest()[:16]}.json"

    @property
    def duties(self) -> Path:
        """Up to when duties were made due."""
        return self.folder / "duties.json"

    @property
    def outbox(self) -> Path:
        """The gateway's durable store of what is not yet on the log."""
        return self.folder / "outbox.sqlite"

    @property
    def replies(self) -> Path:
        """How far the log was read for replies, and those that are not sent yet."""
        return self.folder / "replies.sqlite"

    @property
    def contacts(self) -> Path:
        """Who is reached how."""
        return self.folder / "contacts.sqlite"

    @property
    def open_acts(self) -> Path:
        """Acts of departments' programs that are not answered yet."""
        return self.folder / "actions.sqlite"

    @property
    def subscriptions(self) -> Path:
        """Who subscribed to what, and what waits for them."""
        return self.folder / "subscriptions.sqlite"

    @property
    def proofs(self) -> Path:
        """What went between Grid36 and its partners, and what they stated."""
        return self.folder / "proofs.sqlite"

    @property
    def lists(self) -> Path:
        """Drafts of lists, and lists that wait for a second person."""
        return self.folder / "lists.sqlite"

    @property
    def list_checks(self) -> Path:
        """Files of checks that run."""
        return self.folder / "list-checks"

    @property
    def accounts(self) -> Path:
        """Who may sign in, and who is signed in."""
        return self.folder / "accounts.sqlite"

    @property
    def key_file(self) -> Path:
        """What programs show that may act in every name; for the owner of the file alone."""
        return self.folder / "key"

    def key(self) -> str:
        """The key; "" while there is none."""
        try:
            return self.key_file.read_text().strip()
        except OSError:
            return ""

    def make_key(self) -> str:
        """The key, a new one where there is none. Raises `HomeUnusableError`."""
        fresh = self.key_file.with_name(f"key.{os.getpid()}")
        try:
            if not self.key_file.exists():
                fresh.touch(mode=0o600)
                fresh.write_text(secrets.token_urlsafe(32) + "\n")
                with contextlib.suppress(FileExistsError):  # another process was faster
                    os.link(fresh, self.key_file)
                fresh.unlink()
            return self.key_file.read_text().strip()
        except OSError as error:
            raise HomeUnusableError(folder=str(self.folder), says=error.strerror) from None

    @property
    def recordings(self) -> Path:
        """A folder of voice messages."""
        return self.folder / "recordings"

    @property
    def doors(self) -> Path:
        """A folder for each door's own state."""
        return self.folder / "doors"

    def status_file(self, name: str) -> Path:
        """The status file of a process."""
        return self.folder / "status" / f"{name}.json"

    def make(self) -> "Home":
        """Have the folders. Raises `HomeUnusableError`."""
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            self.status_file("").parent.mkdir(exist_ok=True)
        except OSError as error:
            raise HomeUnusableError(folder=str(self.folder), says=error.strerror) from None
        return self

    @contextmanager
    def only_one(self) -> Iterator[None]:
        """Be the only `up` of this home; freed by the system when the process dies. Raises `AlreadyUpError`."""
        with (self.folder / "up.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyUpError(pid=self.supervisor()) from None
            yield

    @property
    def is_demo(self) -> bool:
        """Whether the demo made this home, and may make it anew."""
        return (self.folder / "demo").exists()

    @property
    def is_used(self) -> bool:
        """Whether a system was ever started here."""
        return self.state_file.exists() or (self.folder / "kafka").exists()

    def make_demo(self) -> "Home":
        """An empty home for the demo: what an earlier demo left is deleted, and nothing else.

        Raises `NoDemoHomeError` for the home of somebody's own system.
        """
        if self.is_used and not self.is_demo:
            raise NoDemoHomeError(home=str(self.folder))
        for folder in ("kafka", "logs", "status", "photos", "recordings", "doors"):
            shutil.rmtree(self.folder / folder, ignore_errors=True)
        files = ("ledger*", "outbox", "replies", "contacts", "accounts", "reads", "actions", "subscriptions", "proofs")
        for pattern in (*(f"{name}.sqlite*" for name in files), "*.json", "*.port"):
            for file in self.folder.glob(pattern):
                file.unlink(missing_ok=True)
        self.make()
        (self.folder / "demo").touch()
        return self

    def write(self, state: dict[str, Any]) -> None:
        """Replace the state at once, so that no reader sees half of it."""
        new = self.state_file.with_suffix(".new")
        new.write_text(json.dumps(state, ensure_ascii=False))
        new.replace(self.state_file)

    def read(self) -> dict[str, Any]:
        """What `up` said last; empty when nothing was ever started here."""
        return read_json(self.state_file)

    def supervisor(self) -> int | None:
        """The process id of the `up` that runs this home, or None."""
        state = self.read()
        pid = state.get("pid")
        return pid if isinstance(pid, int) and is_same(pid, state.get("born")) else None

    def living(self) -> list[dict[str, Any]]:
        """The rows of processes that live, whether or not their `up` does."""
        rows = self.read().get("processes", [])
        return [row for row in rows if is_same(row.get("pid"), row.get("born"))]

    def said(self) -> dict[str, dict[str, Any]]:
        """The status of living processes by name, including those not started by an `up` of this home."""
        found = {file.stem: read_json(file) for file in sorted(self.status_file("").parent.glob("*.json"))}
        return {name: own for name, own in found.items() if is_alive(own.get("pid"))}

    def say(self, name: str, pid: int, **more: Any) -> None:
        """Write the status of a running process."""
        file = self.status_file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"pid": pid, "born": born(pid), "state": "running", **more}))


def read_json(file: Path) -> dict[str, Any]:
    """The object in a file; empty when there is none that can be read."""
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def kept_port(settings: Settings, name: str, wanted: int | None) -> int:
    """The wanted port, or a free one, chosen once and stored in the home as long as nobody else uses it."""
    if wanted is not None:
        return wanted
    file = settings.home / f"{name}.port"
    try:
        if is_free(port := int(file.read_text())):
            return port
    except (OSError, ValueError, OverflowError):
        pass
    port = free_port()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(port))
    return port
