"""Logs of processes are JSON lines, and hold nobody's words or secrets."""

import json
import subprocess
import sys

CODE = """
import logging, structlog
from grid36.logs import set_up
set_up("info")
structlog.get_logger("grid36.test").info("taken", token="hush", text="somebody's words", report="r-1")
logging.getLogger("connectors.test").warning("%s waits", "texts", extra={"case": "c-1", "text": "a word"})
logging.getLogger("aiokafka.conn").error("flood")
"""


def test_what_is_logged() -> None:
    """Ours and the standard library's in one form; clients that report every reconnect are silent."""
    done = subprocess.run([sys.executable, "-c", CODE], check=True, capture_output=True, text=True)
    first, second = (json.loads(line) for line in done.stderr.splitlines())
    assert (first["event"], first["token"], first["text"], first["report"]) == ("taken", "…", "…", "r-1")
    assert (second["event"], second["logger"], second["level"]) == ("texts waits", "connectors.test", "warning")
    assert (second["case"], second["text"]) == ("c-1", "…")
    assert done.stdout == ""
