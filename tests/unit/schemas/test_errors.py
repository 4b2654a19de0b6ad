from schemas.errors import Grid36Error, Parked, Retry, ServiceAway, Stop, WrongInput


class TooLongError(Parked):
    """The text is too long.
    Shorten it."""

    limit: int


def test_the_docstring_is_the_message() -> None:
    assert str(TooLongError()) == "The text is too long. Shorten it."


def test_facts_are_attributes_and_are_shown() -> None:
    error = TooLongError(limit=500, length=501)
    assert error.limit == 500
    assert str(error) == "The text is too long. Shorten it. (limit: 500, length: 501)"


def test_a_message_given_wins() -> None:
    assert str(Stop("No such region.", folder="x")) == "No such region. (folder: x)"


def test_every_kind_says_what_to_do_next() -> None:
    assert issubclass(ServiceAway, Retry)
    assert issubclass(WrongInput, Stop)
    assert all(issubclass(kind, Grid36Error) for kind in (Parked, Retry, Stop))
