"""Checkouts of other releases of this repository, and systems that run from them."""

import os
import shutil
import signal
import subprocess
import sys
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Final

from grid36.machine.home import Home
from grid36.settings import CHECKOUT
from tests.accept.running import Running

PROJECT: Final = "pyproject.toml"


def last_release() -> str:
    """The last commit before the present version was begun."""
    project = tomllib.loads((CHECKOUT / PROJECT).read_text(encoding="utf-8"))["project"]
    number = f'version = "{project["version"]}"'
    begun = _git("log", "--format=%H", f"-S{number}", "--", PROJECT).split()
    assert begun, "the history of the repository does not say when this version began"
    return _git("rev-parse", f"{begun[-1]}^")


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=CHECKOUT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def checked_out(commit: str, folder: Path) -> Path:
    """The files of a commit, ready to run with the packages that are installed here."""
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", commit], cwd=CHECKOUT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    names = " ".join(sorted(file.stem for file in (folder / "texts" / "en" / "LC_MESSAGES").glob("*.po")))
    babel = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "compile",
        "--directory",
        "texts",
        "--domain",
        names,
    ]
    subprocess.run(babel, cwd=folder, check=True)
    pages = Path("connectors") / "pages" / "third_party"
    shutil.copytree(CHECKOUT / pages, folder / pages, dirs_exist_ok=True)
    return folder


class Release(Running):
    """A system run by the code in `folder`, whatever is installed; `home` may have been another release's before."""

    def __init__(self, folder: Path, home: Path, *, workers: int = 2, partitions: int = 2) -> None:
        super().__init__(home, folder / "regions" / "example", workers=workers, partitions=partitions)
        self._folder = folder
        self._environment |= {
            "PYTHONPATH": str(folder), "GRID36_JARS": str(CHECKOUT / ".kafka" / "libs"), "GRID36_DEMO": "true",
        }  # fmt: skip

    def up(self) -> None:
        """Start it on the home as it is."""
        self.home.mkdir(parents=True, exist_ok=True)
        region = () if Home(self.home).created.exists() else ("--region", str(self.region))
        self.run("up", *region, "--workers", str(self.workers), "--detach", limit_s=240)

    def kill(self, *names: str) -> None:
        """SIGKILL these processes, or all of them with whoever watches them, in no order."""
        home = Home(self.home)
        pids = [row["pid"] for row in home.living() if not names or row["name"] in names]
        if not names and (watching := home.supervisor()) is not None:
            pids.insert(0, watching)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def figures(self, ledger: Path | None = None) -> dict[str, list[dict[str, object]]]:
        """What `stats` says; with `ledger`, from a ledger that this release makes anew from the log."""
        own = self._environment
        if ledger is not None:
            self._environment = own | {"GRID36_LEDGER": str(ledger)}
        try:
            if ledger is not None:
                self.run("ledger", "rebuild", limit_s=240)
            return {by: self.answer("stats", "--by", by)["rows"] for by in ("category", "department", "grid")}
        finally:
            self._environment = own

    def _call(self, *words: str, limit_s: float) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "grid36", *words]
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            env=self._environment,
            timeout=limit_s,
            cwd=self._folder,
        )
