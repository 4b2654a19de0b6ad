"""What going on without lost records writes down."""

from schemas.codec import decode
from schemas.topics import PLACE_KEY
from streams.bookkeeping import Bookkeeping
from streams.loss import Loss, written
from streams.parked import ParkedRecord


def test_the_place_moves_and_everything_else_stays() -> None:
    """A second loss adds to the first; the step's own part is kept as it was."""
    kept = Bookkeeping(8, 17, 5, (16, 4), {"n": 3, "counts": {"accepted": 2}}, lost=2)

    state, aside = written(Loss("reports", 1, 17, 19), kept, "p.")

    assert (state.topic, state.partition, state.key) == ("p.intake", 1, PLACE_KEY.encode())
    after = Bookkeeping.decode(state.value, topic="p.intake", partitions=8)
    assert after == Bookkeeping(8, 20, 5, (16, 4), {"n": 3, "counts": {"accepted": 2}}, lost=5)
    assert (aside.topic, aside.partition) == ("p.parked", 1)
    record = decode(ParkedRecord, aside.value or b"")
    assert (record.topic, record.offset, record.id) == ("p.reports", 17, None)
    assert "offsets 17 to 19" in record.reason
