"""When Python looks for cyclic garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = (50_000, 20, 100)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage rarely: a batch makes thousands of objects that live for a moment, none of them in a cycle.

    With Python's own thresholds a fifth of the engine's time, and a third of the ledger's, goes into looking at them.
    """
    before = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
