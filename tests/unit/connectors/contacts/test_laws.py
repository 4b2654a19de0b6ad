"""Laws of the contact book, over any order of what happens to it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from connectors.contacts.contact import Binding
from connectors.contacts.rows import MINUTE_MS, ContactRows
from connectors.contacts.store import ContactFile

DOORS, SENDERS, PEOPLE, TEAMS = ("telegram", "matrix"), ("1", "2", "3"), ("chen", "li"), ("north", "south")
ACCOUNTS = st.tuples(st.sampled_from(DOORS), st.sampled_from(SENDERS))


class Laws(RuleBasedStateMachine):
    """A book beside the simplest thing that remembers what it should say."""

    invitations = Bundle("invitations")

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.file = ContactFile(Path(self.folder.name) / "contacts.sqlite")
        self.now_ms = MINUTE_MS
        self.person: dict[tuple[str, str], str] = {}
        self.pseudonym: dict[tuple[str, str], str] = {}
        self.given_out: set[str] = set()
        self.used: dict[str, tuple[str, str]] = {}
        self.open: dict[str, str] = {}

    def do(self, work: Callable[[ContactRows], Any]) -> Any:
        return self.file.together([work])[0]

    @rule(account=ACCOUNTS, chat=st.sampled_from(["", "room"]), later=st.integers(0, 2 * MINUTE_MS))
    def hear(self, account: tuple[str, str], chat: str, later: int) -> None:
        self.now_ms += later
        contact = self.do(lambda file: file.heard(*account, chat, self.now_ms, None))
        if account not in self.pseudonym:
            assert contact.pseudonym not in self.given_out, "nobody gets the pseudonym of another"
            self.given_out.add(contact.pseudonym)
            self.pseudonym[account] = self.person[account] = contact.pseudonym
        assert (contact.pseudonym, contact.person) == (self.pseudonym[account], self.person[account])
        assert contact.reachable is bool(contact.chat)

    @rule(target=invitations, person=st.sampled_from(PEOPLE), anew=st.booleans())
    def invite(self, person: str, anew: bool) -> str:
        before = [token for token, whose in self.open.items() if whose == person]
        invitation = self.do(lambda file: file.invite(person, "", self.now_ms, None, anew=anew))
        if before and not anew:
            assert [invitation.token] == before
        else:
            assert invitation.token not in before
            self.open = {token: whose for token, whose in self.open.items() if token not in before}
            self.open[invitation.token] = person
        return str(invitation.token)

    @rule(account=ACCOUNTS, token=invitations)
    def bind(self, account: tuple[str, str], token: str) -> None:
        self.hear(account, "room", 0)
        bound = self.do(lambda file: file.bind(*account, token, self.now_ms))
        if token in self.used:
            expected = Binding.BOUND if self.used[token] == account else Binding.USED
        elif token not in self.open:
            expected = Binding.UNKNOWN
        elif self.person[account] not in {self.open[token], self.pseudonym[account]}:
            expected = Binding.OTHER_PERSON
        else:
            expected, self.used[token], self.person[account] = Binding.BOUND, account, self.open.pop(token)
        assert (bound.binding, bound.contact.person) == (expected, self.person[account])

    @rule(account=ACCOUNTS, team=st.sampled_from(TEAMS))
    def join(self, account: tuple[str, str], team: str) -> None:
        """As often as anybody likes."""
        self.hear(account, "room", 0)
        token = self.do(lambda file: file.invite("", team, self.now_ms, None, anew=False)).token
        bound = self.do(lambda file: file.bind(*account, token, self.now_ms))
        assert (bound.binding, bound.contact.team) == (Binding.JOINED, team)
        assert bound.contact.person == self.person[account]

    @rule(account=ACCOUNTS)
    def leave(self, account: tuple[str, str]) -> None:
        self.do(lambda file: file.left(*account, self.now_ms))
        found = self.do(lambda file: file.find(*account))
        assert (found is None) is (account not in self.person)
        assert found is None or not found.reachable
        self.now_ms += 1

    @rule(person=st.sampled_from(PEOPLE))
    def forget(self, person: str) -> None:
        gone = self.do(lambda file: file.forget(person))
        accounts = {account for account, whose in self.person.items() if whose == person}
        assert {(each.door, each.sender) for each in gone} == accounts
        for account in accounts:
            del self.person[account], self.pseudonym[account]
        self.used = {token: account for token, account in self.used.items() if account not in accounts}
        self.open = {token: whose for token, whose in self.open.items() if whose != person}

    @invariant()
    def only_open_invitations_can_be_used(self) -> None:
        listed = self.do(lambda file: file.invitations(self.now_ms))
        assert {each.token: each.person for each in listed if each.person} == self.open

    @invariant()
    def a_pseudonym_means_one_person(self) -> None:
        for account, pseudonym in self.pseudonym.items():
            assert self.do(partial(ContactRows.person, name=pseudonym)) == self.person[account]
            reached = self.do(partial(ContactRows.to, door=account[0], person=pseudonym))
            assert (reached.door, reached.sender) == account, "replies to old reports arrive where they were sent"

    def teardown(self) -> None:
        self.file.close()
        self.folder.cleanup()


TestLaws = Laws.TestCase
