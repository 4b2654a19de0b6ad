"""From which address a request comes: only a proxy of ours is believed."""

from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from connectors.doors.http.sender import address_of
from tests.worlds.small_town import small_town


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6", "198.51.100.1:4711"], "198.51.100.1"),
        ("10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("10.2.2.3", ["198.51.100.1"], "10.2.2.3"),
        ("127.0.0.1", ["unknown"], "127.0.0.1"),
        ("127.0.0.1", [""], "127.0.0.1"),
        ("127.0.0.1", ["[2001:db8:1:2:3:4:5:6]:443"], "2001:db8:1:2::"),
        ("2001:db8:1:2::9", [], "2001:db8:1:2::"),
        ("::ffff:127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
    ],
)
async def test_only_our_proxy_is_believed(tmp_path: Path, peer: str, forwarded: list[str], address: str) -> None:
    """And of what it passes on only the last hop, which it wrote itself."""
    async with small_town(tmp_path) as town:
        town.gateway.proxies = (ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16"))
        headers = CIMultiDict([("X-Forwarded-For", each) for each in forwarded])
        request = make_mocked_request("GET", "/", app=town.app, headers=headers).clone(remote=peer)
        assert address_of(request) == address


async def test_wrong_keys_and_links_of_one_address_come_to_an_end(tmp_path: Path) -> None:
    """The right ones still do what they did; other addresses are not concerned."""
    async with small_town(tmp_path, demo=False) as town, ClientSession(town.url) as program:
        town.gateway.key = "right"
        origin = {"Origin": town.url}

        async def asked(method: str, path: str, **headers: str) -> tuple[int, str]:
            sent = origin | headers
            async with program.request(method, path, headers=sent, allow_redirects=False) as answer:
                return answer.status, answer.headers.get("Retry-After", "")

        wrong, right = {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer right"}
        keys = [await asked("GET", "/api/cases", **wrong) for _ in range(31)]
        assert keys == [(401, "")] * 30 + [(429, "600")]
        assert await asked("GET", "/api/cases", **right) == (200, "")
        assert await asked("GET", "/api/cases", **wrong, **{"X-Forwarded-For": "198.51.100.1"}) == (401, "")
        links = [await asked(method, "/sign-in/none") for method in ("GET", "POST") for _ in range(15)]
        assert set(links) == {(404, "")}
        assert [await asked(method, "/sign-in/none") for method in ("GET", "POST")] == [(429, "600")] * 2
        town.clock.wait(10)
        assert await asked("GET", "/sign-in/none") == (404, "")
