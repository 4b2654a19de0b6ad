"""The speed of a replay."""

from time import monotonic

from grid36.replay.plan import ReplayPlan


class Pace:
    """Lets `speed` seconds of the past go by in one second; None is as fast as possible."""

    def __init__(self, speed: float | None) -> None:
        self.speed = speed
        self._began: tuple[float, int] | None = None

    def due(self, plan: ReplayPlan, start: int, stop: int) -> int:
        """Up to which place, between `start` and `stop`, things are due now; what is parked always is."""
        if self.speed is None:
            return stop
        for place in range(start, stop):
            at_ms = plan.time(place)
            if at_ms is None:
                continue
            self._began = self._began or (monotonic(), at_ms)
            began, zero = self._began
            if at_ms > zero + (monotonic() - began) * self.speed * 1000:
                return place
        return stop
