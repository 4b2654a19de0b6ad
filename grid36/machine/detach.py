"""Starts `up` in the background, waits for it, and shows its last output when it fails."""

import os
import subprocess
import sys
from time import monotonic, sleep
from typing import Any

from grid36.machine.home import AlreadyUpError, Home
from grid36.machine.processes import USAGE
from grid36.machine.status import coming_up, is_ready, status
from grid36.machine.up import COMING_UP_S, ComingUpFailedError, Echo, WillNotRunError
from grid36.settings import Settings
from schemas.names import Language

LOOK_S = 0.2
GRACE_S = 45.0


def detach(settings: Settings, echo: Echo) -> dict[str, Any]:
    """Start `grid36 up` in the background and return its status when the system answers.

    Raises `AlreadyUpError`, `WillNotRunError`, `ComingUpFailedError`.
    """
    home, language = Home(settings.home).make(), Language(settings.lang)
    if (pid := home.supervisor()) is not None:
        raise AlreadyUpError(pid=pid)
    file = home.logs / "up.log"
    with file.open("ab") as log:
        begin = log.tell()
        child = subprocess.Popen(
            [sys.executable, "-m", "grid36", "--lang", language, "up", "--checked"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(settings),
            start_new_session=True,
        )
    said, end = "", monotonic() + COMING_UP_S + GRACE_S
    while child.poll() is None:
        answer = status(settings, language)
        if home.supervisor() == child.pid:
            if is_ready(answer):
                return answer
            if (waiting := coming_up(answer, language)) != said:
                echo(waiting)
                said = waiting
        if monotonic() > end:
            raise ComingUpFailedError(log=str(file), waiting=said)
        sleep(LOOK_S)
    says = file.read_bytes()[begin:].decode(errors="replace").rpartition("grid36: ")[2].strip()
    raise (WillNotRunError if child.returncode == USAGE else ComingUpFailedError)(says or None, log=str(file))


def _environment(settings: Settings) -> dict[str, str]:
    """The environment of the background process, with flags as variables."""
    flags: dict[str, object] = {"HOME": settings.home, "WORKERS": settings.workers, "REGION": settings.region or ""}
    return {**os.environ, **{f"GRID36_{name}": str(value) for name, value in flags.items()}}
