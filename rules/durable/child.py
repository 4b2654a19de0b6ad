"""The child process of the durable-rules engine: a crash or hang of the engine stays inside.

Run as `python -m rules.durable.child` with one end of a socket pair as standard input. It imports nothing else of
Grid36, opens nothing, and ends when the other side is gone. Frames are a length in 4 bytes, then UTF-8:
first the rulesets as JSON, answered by `ready`; then questions, a line each of ruleset number and fact, answered by
a line each of row numbers. An answer that begins with `!` says why the engine failed; the process then ends.
"""

import json
import signal
import socket
from collections.abc import Iterator

import durable_rules_engine


def main() -> None:
    """Load the rulesets and answer until the other side closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which then closes us
    with socket.socket(fileno=0) as link:
        try:
            _serve(link)
        except (durable_rules_engine.error, MemoryError) as error:
            write(link, f"!{error}")


def _serve(link: socket.socket) -> None:
    asked = frames(link)
    order = json.loads(next(asked, '{"alarm_s": 0, "rulesets": []}'))
    # Should the engine hang after the worker died, nobody is left to kill us but this alarm.
    signal.setitimer(signal.ITIMER_REAL, order["alarm_s"])
    rulesets = [Engine(f"r{number}", rules) for number, rules in enumerate(order["rulesets"])]
    write(link, "ready")
    signal.setitimer(signal.ITIMER_REAL, 0)
    for frame in asked:
        signal.setitimer(signal.ITIMER_REAL, order["alarm_s"])
        answers = []
        for line in frame.split("\n"):
            number, _, fact = line.partition(" ")
            answers.append(",".join(rulesets[int(number)].rows(fact)))
        write(link, "\n".join(answers))
        signal.setitimer(signal.ITIMER_REAL, 0)


class Engine:
    """One ruleset, used as a stateless matcher: assert, collect, retract; always the same id and sid."""

    def __init__(self, name: str, rules: object) -> None:
        self._handle = durable_rules_engine.create_ruleset(name, json.dumps(rules, ensure_ascii=False))
        durable_rules_engine.assert_fact(self._handle, '{"id":"1","sid":"0"}')  # the first fact of a sid is slow

    def rows(self, fact: str) -> list[str]:
        """The rows of the rules that `fact` (JSON with id 1 and sid 0) fires, in the engine's order."""
        result, state = durable_rules_engine.assert_fact(self._handle, fact)
        if result:
            return []  # not handled: the engine keeps nothing
        found = []
        started = durable_rules_engine.start_action_for_state(self._handle, state)
        message = started[1] if started else None
        while message:
            found.append(message[2 : message.index(":")])  # {"ROW:N":{"m":…
            message = durable_rules_engine.complete_and_start_action(self._handle, state)
        durable_rules_engine.retract_fact(self._handle, fact)
        return found


def frames(link: socket.socket) -> Iterator[str]:
    """Frames until the other side closes. Raises `TimeoutError` when the socket has a limit."""
    while head := _exactly(link, 4):
        yield _exactly(link, int.from_bytes(head, "big")).decode()


def write(link: socket.socket, text: str) -> None:
    """Send one frame."""
    data = text.encode()
    link.sendall(len(data).to_bytes(4, "big") + data)


def _exactly(link: socket.socket, size: int) -> bytes:
    """`size` bytes, or none when the other side closed before."""
    data = bytearray()
    while len(data) < size:
        part = link.recv(min(size - len(data), 1 << 20))
        if not part:
            return b""
        data += part
    return bytes(data)


if __name__ == "__main__":
    main()
