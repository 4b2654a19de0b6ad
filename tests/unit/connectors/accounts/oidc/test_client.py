"""The whole flow against a provider on a real port, and all that it may do wrong."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import OctKey

from connectors.accounts.oidc.attempt import Attempt, Attempts, Returned
from connectors.accounts.oidc.client import AGAIN_S, KEPT_S, OidcClient
from connectors.accounts.oidc.provider import NotProven, ProviderAway, may_be_asked
from schemas.names import Language
from tests.worlds.oidc_provider import BACK, FakeProvider, elliptic, oidc_provider, registered, rsa


@pytest.fixture
async def fake() -> AsyncIterator[FakeProvider]:
    async with oidc_provider() as running:
        yield running


async def there_and_back(fake: FakeProvider, client: OidcClient) -> tuple[Attempt, Returned]:
    attempt = Attempts().begin("/", 0)
    brought = fake.signs_in(await client.leave_for(attempt, BACK, Language.EN))
    assert brought["state"] == attempt.state
    return attempt, Returned(brought["code"], brought["iss"])


async def signs_in(fake: FakeProvider, client: OidcClient) -> str:
    return await client.who(*await there_and_back(fake, client), BACK)


async def test_who_signs_in_there_is_named(fake: FakeProvider) -> None:
    """Its description and keys are asked for once."""
    client = OidcClient(registered(fake))
    assert [await signs_in(fake, client) for _ in range(3)] == ["supervisor-01"] * 3
    assert fake.asked == ["description", "token", "keys", "token", "token"]


async def test_a_code_is_used_once_and_by_who_asked_for_it(fake: FakeProvider) -> None:
    client = OidcClient(registered(fake))
    attempt, returned = await there_and_back(fake, client)
    assert await client.who(attempt, returned, BACK)
    with pytest.raises(NotProven, match="code"):
        await client.who(attempt, returned, BACK)
    _, returned = await there_and_back(fake, client)
    with pytest.raises(NotProven, match="code"):  # PKCE: the verifier is that of another attempt
        await client.who(attempt, returned, BACK)


@pytest.mark.parametrize(
    ("claims", "why"),
    [({"nonce": "of another"}, "nonce"), ({"aud": "another"}, "aud"), ({"exp": 1}, "exp"), ({"iss": "x"}, "iss")],
)
async def test_a_wrong_token_signs_nobody_in(fake: FakeProvider, claims: dict[str, Any], why: str) -> None:
    fake.claims = claims
    with pytest.raises(NotProven, match=why):
        await signs_in(fake, OidcClient(registered(fake)))


async def test_a_token_signed_with_our_secret_signs_nobody_in(fake: FakeProvider) -> None:
    fake.signed_by = OctKey.import_key("s3cr:t/ö" * 5, parameters={"kid": "rsa-1"})
    with pytest.raises(NotProven, match="alg"):
        await signs_in(fake, OidcClient(registered(fake)))
    fake.token = "eyJhbGciOiJub25lIn0.e30."
    with pytest.raises(NotProven):
        await signs_in(fake, OidcClient(registered(fake)))


async def test_new_keys_are_found_when_a_token_names_one(fake: FakeProvider) -> None:
    """But asked for so often only, whatever tokens name."""
    now = [1000.0]
    client = OidcClient(registered(fake), lambda: now[0])
    fake.claims = {"iat": 1000, "exp": 1_000_000}
    assert await signs_in(fake, client)
    fake.keys = [elliptic("new"), rsa("rsa-1")]
    with pytest.raises(NotProven, match="kid"):
        await signs_in(fake, client)
    now[0] += AGAIN_S
    assert await signs_in(fake, client)
    assert fake.asked.count("keys") == 2
    now[0] += KEPT_S
    assert await signs_in(fake, client)
    assert (fake.asked.count("keys"), fake.asked.count("description")) == (3, 2)


async def test_a_claim_that_is_not_in_the_token_is_asked_for(fake: FakeProvider) -> None:
    fake.claims = {"preferred_username": None}
    fake.userinfo = {"sub": "s-1", "preferred_username": "owner-01"}
    assert await signs_in(fake, OidcClient(registered(fake))) == "owner-01"
    fake.userinfo["sub"] = "another"
    with pytest.raises(NotProven, match="sub_of_userinfo"):
        await signs_in(fake, OidcClient(registered(fake)))


@pytest.mark.parametrize("value", [7, ["supervisor-01"], "", {}])
async def test_a_claim_that_is_no_id_names_nobody(fake: FakeProvider, value: object) -> None:
    fake.claims = {"preferred_username": value}
    assert await signs_in(fake, OidcClient(registered(fake))) == ""


async def test_an_answer_of_another_provider_is_refused(fake: FakeProvider) -> None:
    """RFC 9207."""
    client = OidcClient(registered(fake))
    attempt, returned = await there_and_back(fake, client)
    for issuer in ("https://evil.example", ""):
        with pytest.raises(NotProven, match="iss_of_answer"):
            await client.who(attempt, Returned(returned.code, issuer), BACK)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://other.example"}, {"token_endpoint": "http://other.example/token"}, {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"}, {"end_session_endpoint": "http://other.example"},
        {"padding": "x" * 300_000},
    ],
)  # fmt: skip
async def test_a_description_that_cannot_be_trusted_is_not_used(fake: FakeProvider, described: dict[str, Any]) -> None:
    fake.described = described
    with pytest.raises(ProviderAway):
        await OidcClient(registered(fake)).leave_for(Attempts().begin("/", 0), BACK, Language.EN)


async def test_a_wrong_secret_is_said_to_the_operator(fake: FakeProvider) -> None:
    client = OidcClient(replace(registered(fake), secret="wrong"))
    with pytest.raises(ProviderAway, match="check the client and its secret"):
        await signs_in(fake, client)
    assert "wrong" not in repr(client.provider)


async def test_many_who_sign_in_at_once_ask_it_once(fake: FakeProvider) -> None:
    """For its description and its keys; when it is away, all of them are told so by one try."""
    client = OidcClient(registered(fake))
    assert set(await asyncio.gather(*(signs_in(fake, client) for _ in range(20)))) == {"supervisor-01"}
    assert (fake.asked.count("description"), fake.asked.count("keys")) == (1, 1)
    fake.described = {"issuer": "https://other.example"}
    fresh, fake.asked = OidcClient(registered(fake), lambda: 1000.0), []
    begun = [fresh.leave_for(Attempts().begin("/", 0), BACK, Language.ZH) for _ in range(20)]
    found = await asyncio.gather(*begun, return_exceptions=True)
    assert all(isinstance(each, ProviderAway) for each in found)
    assert fake.asked == ["description"]


async def test_signing_out_there_leads_back(fake: FakeProvider) -> None:
    there = await OidcClient(registered(fake)).sign_out_at("http://127.0.0.1/sign-in")
    assert there.startswith(f"{fake.url}/out?client_id=grid36&post_logout_redirect_uri=http")
    fake.described = {"end_session_endpoint": ""}
    assert await OidcClient(registered(fake)).sign_out_at("x") == ""


async def test_a_provider_that_is_away_is_waited_for(fake: FakeProvider) -> None:
    client = OidcClient(replace(registered(fake), issuer="http://127.0.0.1:1"))
    with pytest.raises(ProviderAway):
        await client.leave_for(Attempts().begin("/", 0), BACK, Language.EN)


@pytest.mark.parametrize("address", ["http://city.example", "ftp://127.0.0.1", "//x", "", "http://[", "javascript:1"])
def test_only_what_is_encrypted_or_here_is_asked(address: str) -> None:
    assert not may_be_asked(address)
    assert may_be_asked("https://city.example/realms/one")
