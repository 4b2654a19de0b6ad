import pytest

from schemas.chain import ChangedError, DoubledError, HoleError, Position, link
from schemas.event import digest_of


def test_a_fitting_event_moves_the_position() -> None:
    first = link(Position(), 3, 10, 0, "", b"zero")
    assert first == Position(11, 1, digest_of(b"zero"))
    assert link(first, 3, 15, 1, digest_of(b"zero"), b"one") == Position(16, 2, digest_of(b"one"))


@pytest.mark.parametrize(
    ("n", "prev", "error"),
    [(6, "d", HoleError), (4, "d", DoubledError), (5, "other", ChangedError), (5, "", ChangedError)],
)
def test_what_does_not_fit_is_named(n: int, prev: str, error: type[Exception]) -> None:
    with pytest.raises(error, match="partition: 3") as caught:
        link(Position(10, 5, "d"), 3, 12, n, prev, b"x")
    assert "12" in str(caught.value)
