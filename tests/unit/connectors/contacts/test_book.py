import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.contacts.book import ContactBook
from connectors.contacts.contact import Binding
from connectors.contacts.store import ContactsUnwritableError
from connectors.replies.recipients import Handler
from schemas.names import Language

NOW = 1_763_800_000_000


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[ContactBook]:
    book = ContactBook(tmp_path / "contacts.sqlite")
    yield book
    await book.close()


async def bind(book: ContactBook, door: str, sender: str, person: str, t_ms: int = NOW) -> None:
    await book.heard(door, sender, t_ms=t_ms, chat=sender)
    invitation = await book.invite(person=person, now_ms=t_ms)
    assert (await book.bind(door, sender, invitation.token, t_ms)).binding is Binding.BOUND


async def test_a_crowd_that_arrives_at_once_is_known_one_by_one(book: ContactBook) -> None:
    senders = [str(n % 300) for n in range(1200)]
    contacts = await asyncio.gather(*(book.heard("telegram", each, t_ms=NOW) for each in senders))
    assert len({contact.pseudonym for contact in contacts}) == 300
    assert [contact.sender for contact in contacts] == senders


async def test_two_accounts_that_use_one_invitation_at_once(book: ContactBook) -> None:
    """One is bound, the other hears that it was used."""
    token = (await book.invite(person="chen", now_ms=NOW)).token
    for sender in ("1", "2"):
        await book.heard("telegram", sender, t_ms=NOW)
    done = await asyncio.gather(*(book.bind("telegram", each, token, NOW) for each in ("1", "2", "1")))
    assert [each.binding for each in done] == [Binding.BOUND, Binding.USED, Binding.BOUND]


async def test_handlers_are_reached_through_open_doors(book: ContactBook) -> None:
    await bind(book, "telegram", "12", "chen")
    await bind(book, "matrix", "@chen", "chen", NOW + 60_000)
    await bind(book, "telegram", "13", "li")
    await book.choose_language("telegram", "13", Language.EN)
    both = book.handlers({"telegram", "matrix"}, lambda _: Language.ZH)
    one = book.handlers({"telegram"}, lambda _: Language.ZH)
    assert [both("chen"), one("chen"), both("li"), both("nobody")] == [
        Handler("matrix", Language.ZH),
        Handler("telegram", Language.ZH),
        Handler("telegram", Language.EN),
        None,
    ]
    await book.left("matrix", "@chen", NOW + 120_000)
    assert await asyncio.to_thread(both, "chen") == Handler("telegram", Language.ZH)


async def test_a_file_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "contacts.sqlite").mkdir()
    with pytest.raises(ContactsUnwritableError):
        ContactBook(tmp_path / "contacts.sqlite")
