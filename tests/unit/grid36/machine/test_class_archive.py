import subprocess
from pathlib import Path
from shutil import copyfile

import pytest

from grid36.machine.broker import ARCHIVE, Broker
from grid36.settings import CHECKOUT

pytestmark = pytest.mark.kafka

KAFKA = CHECKOUT / ".kafka"
FROM_OUR_ARCHIVE = "source: shared objects file (top)"
"""How Java says of a class that it came from the archive given to it, and not from its own."""


def ask_kafka(command: list[str], *java: str) -> str:
    """All that a small tool of Kafka says, run with the options of a broker's `command`."""
    tool = [command[0], *java, *command[1:-2], "kafka.tools.StorageTool", "random-uuid"]
    done = subprocess.run(tool, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout


def test_the_broker_takes_its_classes_from_the_archive(tmp_path: Path) -> None:
    """What `make setup` made fits this Java and these jars."""
    assert FROM_OUR_ARCHIVE in ask_kafka(Broker(tmp_path).prepare(), "-Xlog:class+load")


def test_an_archive_that_does_not_fit_is_passed_over(tmp_path: Path) -> None:
    """An archive of other jars, as after an update, costs nothing but time and writes nothing into the log."""
    (tmp_path / "libs").mkdir()
    for jar in (KAFKA / "libs").glob("*.jar"):
        copyfile(jar, tmp_path / "libs" / jar.name)
    copyfile(KAFKA / ARCHIVE, tmp_path / ARCHIVE)
    command = Broker(tmp_path, jars=tmp_path / "libs").prepare()
    assert f"-XX:SharedArchiveFile={tmp_path / ARCHIVE}" in command
    assert FROM_OUR_ARCHIVE not in ask_kafka(command, "-Xlog:class+load")
    assert len(ask_kafka(command).split()) == 1
