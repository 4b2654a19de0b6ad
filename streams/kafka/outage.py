"""Decides how loudly to log that Kafka is unreachable: short absences, and those at start-up, are no warning."""

import logging
from time import monotonic
from typing import Final

STARTING_S: Final = 60.0
"""A broker and the topics of a new system may need this long on a busy machine."""
GONE_S: Final = 10.0
"""An outage longer than this is worth a warning; a broker that restarts needs some seconds."""


class Outage:
    """At which level to log the current outage; `over` ends it. Before the first `over` the system is starting."""

    def __init__(self) -> None:
        self._patience_s = STARTING_S
        self._since: float | None = None
        self._told = logging.NOTSET

    def level(self, now: float | None = None) -> int:
        """INFO when it begins, WARNING when it has lasted, NOTSET when that was logged already. `now`: monotonic."""
        now = monotonic() if now is None else now
        if self._since is None:
            self._since = now
        level = logging.WARNING if now - self._since >= self._patience_s else logging.INFO
        if level <= self._told:
            return logging.NOTSET
        self._told = level
        return level

    def over(self) -> None:
        """End the outage."""
        self._patience_s, self._since, self._told = GONE_S, None, logging.NOTSET
