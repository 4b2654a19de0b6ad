"""The folder of one system on this machine: what runs, where, and since when; read by `status`, written by `up`."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grid36.ports import free_port
from grid36.settings import Settings


@dataclass(frozen=True)
class Home:
    """Files under `GRID36_HOME`."""

    folder: Path

    @property
    def state_file(self) -> Path:
        """What `up` last said of its processes."""
        return self.folder / "state.json"

    @property
    def logs(self) -> Path:
        """One log file per process."""
        return self.folder / "logs"

    @property
    def outbox(self) -> Path:
        """The gateway's durable store of what is not yet on the log."""
        return self.folder / "outbox.sqlite"

    def make(self) -> "Home":
        """Have the folders."""
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def write(self, state: dict[str, Any]) -> None:
        """Replace the state at once, so that no reader sees half of it."""
        new = self.state_file.with_suffix(".new")
        new.write_text(json.dumps(state, ensure_ascii=False))
        new.replace(self.state_file)

    def read(self) -> dict[str, Any] | None:
        """What `up` said last, or None when nothing was ever started here."""
        try:
            state = json.loads(self.state_file.read_text())
        except (OSError, ValueError):
            return None
        return state if isinstance(state, dict) else None

    def supervisor(self) -> int | None:
        """The process id of the `up` that runs this home, or None."""
        state = self.read() or {}
        pid = state.get("pid")
        return pid if isinstance(pid, int) and is_ours(pid, state.get("token")) else None


def is_alive(pid: int | None) -> bool:
    """Whether a process of this id exists and is no zombie."""
    if pid is None:
        return False
    try:
        return b") Z " not in Path(f"/proc/{pid}/stat").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    try:  # no /proc: macOS
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def is_ours(pid: int, token: object) -> bool:
    """Whether the process is the one that wrote the state, not a stranger that got its number."""
    if not is_alive(pid):
        return False
    return token is None or token == start_token(pid)


def start_token(pid: int) -> str | None:
    """When a process started, in the kernel's ticks; None where the system does not say."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return None


def kept_port(settings: Settings, name: str, wanted: int | None) -> int:
    """The wanted port, or a free one that is chosen once and kept in the home."""
    if wanted is not None:
        return wanted
    file = settings.home / f"{name}.port"
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        pass
    port = free_port()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(port))
    return port
