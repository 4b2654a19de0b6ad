"""Who a browser is."""

import pytest
from aiohttp.test_utils import make_mocked_request

from connectors.doors.browser.account import COOKIE, demo_person, new_token, sender_of, token_of


def test_a_token_is_random_and_comes_back_from_its_cookie() -> None:
    token, other = new_token(), new_token()
    assert token != other
    request = make_mocked_request("GET", "/", headers={"Cookie": f"{COOKIE}={token}"})
    assert token_of(request) == token


@pytest.mark.parametrize("cookie", ["", "short", "x" * 44, "ü" * 43, "a b" + "c" * 40])
def test_a_cookie_that_we_did_not_make_is_none(cookie: str) -> None:
    """Nobody may choose a token that is easy to guess."""
    request = make_mocked_request("GET", "/", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert token_of(request) == ""


def test_the_account_does_not_give_its_token_away() -> None:
    """Everybody who reads the gateway's files sees accounts."""
    token = new_token()
    assert sender_of(token) == sender_of(token) != sender_of(new_token())
    assert token not in sender_of(token)


class Peer:
    """The transport of a request."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Where it came from."""
        return (self._address, 1) if name == "peername" else default


@pytest.mark.parametrize(
    ("address", "headers", "path", "person"),
    [
        ("127.0.0.1", {}, "/?as=rider-01", "rider-01"),
        ("::1", {}, "/?as=rider-01", "rider-01"),
        ("10.0.0.7", {}, "/?as=rider-01", ""),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}, "/?as=rider-01", ""),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.7"}, "/?as=rider-01", ""),
        ("127.0.0.1", {"Host": "city.example"}, "/?as=rider-01", ""),
        ("127.0.0.1", {}, "/?as=../x%20y", ""),
        ("127.0.0.1", {}, "/", ""),
    ],
)
def test_only_this_machine_may_name_a_person(address: str, headers: dict[str, str], path: str, person: str) -> None:
    """A proxy on this machine passes on what came from elsewhere."""
    request = make_mocked_request("GET", path, headers={"Host": "127.0.0.1:80", **headers}, transport=Peer(address))
    assert demo_person(request) == person
