"""An attempt belongs to one browser, lasts ten minutes and is used once."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.accounts.oidc.attempt import LASTS_S, MOST_USED, Attempts


def test_whoever_began_it_ends_it_once() -> None:
    attempts = Attempts()
    begun = attempts.begin("/board?grid=G001", 0)
    assert attempts.end(begun.cookie, begun.state, LASTS_S - 1) == begun
    assert attempts.end(begun.cookie, begun.state, LASTS_S - 1) is None


def test_it_is_over_in_time_and_when_we_begin_again() -> None:
    attempts = Attempts()
    begun = attempts.begin("/", 0)
    assert attempts.end(begun.cookie, begun.state, LASTS_S) is None
    assert Attempts().end(begun.cookie, begun.state, 1) is None


def test_no_other_browser_ends_it() -> None:
    """Neither without the cookie nor with that of another attempt."""
    attempts = Attempts()
    mine, other = attempts.begin("/", 0), attempts.begin("/", 0)
    for cookie, state in (("", mine.state), (other.cookie, mine.state), (mine.cookie, ""), (mine.cookie, other.state)):
        assert attempts.end(cookie, state, 1) is None
    assert attempts.end(mine.cookie, mine.state, 1) == mine


def test_what_it_sends_differs_each_time_and_shows_no_secret() -> None:
    attempts = Attempts()
    first, second = attempts.begin("/", 0), attempts.begin("/", 0)
    made = [each for one in (first, second) for each in (one.cookie, one.state, one.nonce, one.verifier, one.challenge)]
    assert len(set(made)) == len(made)
    assert len(first.verifier) >= 43  # RFC 7636


def test_only_so_many_are_remembered() -> None:
    attempts = Attempts()
    for _ in range(MOST_USED + 5):
        begun = attempts.begin("/", 0)
        assert attempts.end(begun.cookie, begun.state, 1)
    assert len(attempts._used) == MOST_USED


@given(cookie=st.text(), state=st.text(), to=st.text())
def test_nothing_else_ends_one(cookie: str, state: str, to: str) -> None:
    """Whatever a browser sends."""
    attempts = Attempts()
    assert attempts.end(cookie, state, 1) is None
    begun = attempts.begin(to, 0)
    assert attempts.end(begun.cookie + cookie, begun.state, 1) is None or cookie == ""
