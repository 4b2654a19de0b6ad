from schemas.errors import Grid36Error, Parked, Retry, ServiceAway, Stop, WrongInput
from schemas.names import Language


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


def test_an_error_says_what_the_catalogues_have_for_its_class() -> None:
    """Unless whoever raises it has words of their own; without either it says its docstring."""
    assert ServiceAway(id="a").say(Language.ZH) == (
        "所需的服务没有应答。用 grid36 status 查看是哪一个，用 grid36 up 启动。（编号：a）"
    )
    assert ServiceAway(id="a").say(Language.EN) == str(ServiceAway(id="a"))
    assert ServiceAway("It is a folder.").say(Language.ZH) == "It is a folder."
    assert TooLongError().say(Language.ZH) == str(TooLongError())


def test_a_message_given_wins() -> None:
    assert str(Stop("No such region.", folder="x")) == "No such region. (folder: x)"


def test_every_kind_says_what_to_do_next() -> None:
    assert issubclass(ServiceAway, Retry)
    assert issubclass(WrongInput, Stop)
    assert all(issubclass(kind, Grid36Error) for kind in (Parked, Retry, Stop))
