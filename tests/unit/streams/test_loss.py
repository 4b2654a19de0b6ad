"""What going on without lost records writes down."""

from schemas.codec import decode
from schemas.parked import ParkedRecord
from schemas.topics import PLACE_KEY
from streams.loss import Loss, written
from streams.partition.bookkeeping import Bookkeeping


def test_the_place_moves_and_everything_else_stays() -> None:
    """A second loss adds to the first; the step's own part is kept as it was."""
    kept = Bookkeeping(8, 17, 5, (16, 4), {"n": 3, "counts": {"accepted": 2}}, lost=2)

    state, aside = written(Loss("reports", 1, 17, 19, 20), kept, "p.")

    assert (state.topic, state.partition, state.key) == ("p.intake", 1, PLACE_KEY.encode())
    after = Bookkeeping.decode(state.value, topic="p.intake", partitions=8)
    assert after == Bookkeeping(8, 20, 5, (16, 4), {"n": 3, "counts": {"accepted": 2}}, lost=5)
    assert (aside.topic, aside.partition) == ("p.parked", 1)
    record = decode(ParkedRecord, aside.value or b"")
    assert (record.topic, record.offset, record.id) == ("p.reports", 17, None)
    assert "offsets 17 to 19" in record.reason


def test_what_was_applied_and_is_gone_is_no_loss_of_reports() -> None:
    """The place moves to what came since, and no record is expected where the last one was."""
    kept = Bookkeeping(8, 17, 5, (16, 4), {"n": 3})

    state, aside = written(Loss("commands", 0, 12, 16, 12, applied=True), kept)

    assert Bookkeeping.decode(state.value, topic="cases", partitions=8) == Bookkeeping(8, 12, 5, None, {"n": 3})
    assert decode(ParkedRecord, aside.value or b"").error == "CutAfterApplied"
