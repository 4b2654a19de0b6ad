"""What a worker says of itself."""

import json
from pathlib import Path

from streams.worker import Status


def test_what_is_new_is_written_at_once_and_the_same_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "worker.json"
    status = Status(file)
    status.say("waiting")
    file.unlink()
    status.write()
    assert not file.exists()
    status.alarm("something broke")
    status.write()
    assert json.loads(file.read_text())["alarms"] == ["something broke"]


def test_a_worker_that_has_nothing_new_to_say_still_says_that_it_lives(tmp_path: Path) -> None:
    file = tmp_path / "worker.json"
    status = Status(file, again_s=0.0)
    status.say("waiting")
    file.unlink()
    status.write()
    assert json.loads(file.read_text())["state"] == "waiting"
