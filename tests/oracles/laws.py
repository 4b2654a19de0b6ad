"""How many examples a law is tried with: few in `make test`, a hundred times as many in `make faults`."""

import os
from typing import Final

from hypothesis import settings

TIMES: Final = "GRID36_LAW_TIMES"


def law(examples: int) -> settings:
    """Settings of a property that is worth a long run."""
    return settings(max_examples=examples * int(os.environ.get(TIMES, "1")), deadline=None)
