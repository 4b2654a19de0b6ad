"""Processes are told apart by id and birth, so that a stranger with a reused id is never ended."""

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from grid36.machine.process_identity import born, end, is_alive, is_same, is_stopped
from tests.processes.waiting import block_until


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def test_a_process_lives_until_it_has_ended(child: subprocess.Popen[bytes]) -> None:
    """A zombie, ended but not taken note of, counts as ended."""
    birth = born(child.pid)
    assert is_alive(child.pid)
    assert is_same(child.pid, birth)
    child.kill()
    block_until(lambda: not is_alive(child.pid), "its end", 5)
    assert not is_same(child.pid, birth)


def test_none_and_strangers_are_not_ours(child: subprocess.Popen[bytes]) -> None:
    assert not any(is_alive(pid) for pid in (None, -1, 2**22 + 1, 2**40))
    assert born(-1) is born(2**22 + 1) is None
    assert not is_same(None, "1")
    assert not is_same(child.pid, "another time")
    assert not is_same(child.pid, None)
    assert born(os.getpid()) == born(os.getpid())


def test_a_stopped_process_is_seen_and_still_ended(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGSTOP)
    block_until(lambda: is_stopped(child.pid), "its stop", 5)
    end(child.pid, born(child.pid), 5)
    assert child.wait(5) == -signal.SIGTERM


def test_a_stranger_is_left_alone(child: subprocess.Popen[bytes]) -> None:
    end(child.pid, "another time", 0.1)
    assert child.poll() is None


def test_who_does_not_listen_is_made_to_end() -> None:
    deaf = subprocess.Popen(
        ["sh", "-c", "trap '' TERM; echo ready; while true; do sleep 0.1; done"], stdout=subprocess.PIPE
    )
    assert deaf.stdout is not None
    deaf.stdout.readline()
    end(deaf.pid, born(deaf.pid), 0.2)
    assert deaf.wait(5) == -signal.SIGKILL
    deaf.stdout.close()
