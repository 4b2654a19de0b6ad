"""Decides how loudly to log that Kafka is unreachable: short absences, and those at start-up, are no warning."""

import logging
from time import monotonic
from typing import Final

STARTING_S: Final = 60.0
"""A broker, and the topics of a new system, may need that long on a busy machine."""
GONE_S: Final = 10.0
"""What was there and is away for longer is worth a warning: a broker that is started again needs some seconds."""


class Outage:
    """At which level the present absence is to be logged; `over` ends it. Before the first `over` all is starting."""

    def __init__(self) -> None:
        self._patience_s = STARTING_S
        self._since: float | None = None
        self._told = logging.NOTSET

    def level(self, now: float | None = None) -> int:
        """INFO when it begins, WARNING when it has lasted; NOTSET when that was asked for before. `now`: monotonic."""
        now = monotonic() if now is None else now
        if self._since is None:
            self._since = now
        level = logging.WARNING if now - self._since >= self._patience_s else logging.INFO
        if level <= self._told:
            return logging.NOTSET
        self._told = level
        return level

    def over(self) -> None:
        """What was away is there."""
        self._patience_s, self._since, self._told = GONE_S, None, logging.NOTSET
