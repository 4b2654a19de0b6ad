"""The tables of contacts: accounts, pseudonyms and invitations."""

import secrets
from collections.abc import Collection, Sequence
from typing import Any, Final

from connectors.contacts import links
from connectors.contacts.contact import Binding, Bound, Contact, Invitation
from connectors.contacts.links import LinkRows
from connectors.contacts.tokens import new_token, token_of
from schemas.names import Language

MINUTE_MS: Final = 60_000
TABLES: Final = f"""{links.TABLES}
CREATE TABLE IF NOT EXISTS contacts (
    door TEXT NOT NULL, sender TEXT NOT NULL, person TEXT NOT NULL, pseudonym TEXT NOT NULL UNIQUE,
    chat TEXT NOT NULL, language TEXT NOT NULL, chosen TEXT NOT NULL, team TEXT NOT NULL,
    heard_ms INTEGER NOT NULL, left_ms INTEGER NOT NULL, PRIMARY KEY (door, sender)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS contacts_person ON contacts (person);
CREATE TABLE IF NOT EXISTS pseudonyms (pseudonym TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invitations (
    token TEXT PRIMARY KEY, person TEXT NOT NULL, team TEXT NOT NULL, expires_ms INTEGER, door TEXT NOT NULL,
    sender TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS invitations_person ON invitations (person);
"""
"""`pseudonyms` are those ever given out: nobody gets one a second time. `door` and `sender` of an invitation say which
account used it. Somebody is reachable who was heard after `left_ms`."""
_FIELDS: Final = "door, sender, person, pseudonym, chat, language, chosen, team, heard_ms, left_ms"


class ContactRows(LinkRows):
    """What the tables answer and how they change; each method is to run inside a transaction."""

    def heard(self, door: str, sender: str, chat: str, t_ms: int, language: Language | None) -> Contact:
        """Somebody wrote: their contact, with a pseudonym at first sight. `chat` is empty in a group."""
        row = self._row(door, sender)
        if row is None:
            pseudonym = self._new_pseudonym()
            fresh = (door, sender, pseudonym, pseudonym, chat, language or "", "", "", t_ms, 0)
            self._db.execute("INSERT INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", fresh)
        else:
            old_chat, old_language, heard_ms, left_ms = row[4], row[5], row[8], row[9]
            changed = (chat or old_chat, language or old_language) != (old_chat, old_language)
            if changed or t_ms - heard_ms >= MINUTE_MS or heard_ms <= left_ms < t_ms:
                sql = "UPDATE contacts SET chat = ?, language = ?, heard_ms = ? WHERE door = ? AND sender = ?"
                now = (chat or old_chat, language or old_language, max(t_ms, heard_ms), door, sender)
                self._db.execute(sql, now)
        return self._there(door, sender)

    def find(self, door: str, sender: str) -> Contact | None:
        """The contact of an account."""
        row = self._row(door, sender)
        return None if row is None else self._contact(row)

    def to(self, door: str, person: str) -> Contact | None:
        """By which account of one door a person is reached, under the region's id or any of their pseudonyms.

        A pseudonym means its own account; of several accounts the one heard last that is reachable.
        """
        own = self._db.execute(
            f"SELECT {_FIELDS} FROM contacts WHERE door = ? AND pseudonym = ?", (door, person)  # noqa: S608
        ).fetchone()  # fmt: skip
        if own is not None:
            return self._contact(own)
        return next(iter(self._accounts(self.person(person), {door})), None)

    def person(self, name: str) -> str:
        """Whose pseudonym it is; the name itself when it is nobody's."""
        row = self._db.execute("SELECT person FROM contacts WHERE pseudonym = ?", (name,)).fetchone()
        return name if row is None else str(row[0])

    def accounts(self, person: str) -> list[Contact]:
        """All accounts of a person, the best way to reach them first."""
        return self._accounts(self.person(person), None)

    def everybody(self) -> list[Contact]:
        """All contacts, by person."""
        rows = self._db.execute(f"SELECT {_FIELDS} FROM contacts ORDER BY person, door, sender")  # noqa: S608
        return [self._contact(row) for row in rows.fetchall()]

    def bind(self, door: str, sender: str, token: str, now_ms: int) -> Bound:
        """Use an invitation for an account that was `heard`; to use it again is the same as once."""
        contact, token = self._there(door, sender), token_of(token)
        sql = "SELECT person, team, expires_ms, door, sender FROM invitations WHERE token = ?"
        row = self._db.execute(sql, (token,)).fetchone()
        if row is None:
            return Bound(Binding.UNKNOWN, contact)
        person, team, expires_ms, *used_by = row
        late = expires_ms is not None and now_ms >= expires_ms
        if team:
            binding = Binding.EXPIRED if late else Binding.JOINED
        else:
            binding = _binding(contact, person, used_by, late=late)
        if binding is Binding.JOINED:
            self._set(door, sender, "team", team)
        elif binding is Binding.BOUND:
            self._set(door, sender, "person", person)
            sql = "UPDATE invitations SET door = ?, sender = ? WHERE token = ?"
            self._db.execute(sql, (door, sender, token))
        return Bound(binding, self._there(door, sender))

    def choose_language(self, door: str, sender: str, language: Language | None) -> None:
        """What they chose; None: what the platform says."""
        self._set(door, sender, "chosen", language or "")

    def left(self, door: str, sender: str, t_ms: int) -> None:
        """They cannot be reached, until they are heard after `t_ms`."""
        sql = "UPDATE contacts SET left_ms = max(left_ms, ?) WHERE door = ? AND sender = ?"
        self._db.execute(sql, (t_ms, door, sender))

    def invite(self, person: str, team: str, now_ms: int, expires_ms: int | None, *, anew: bool) -> Invitation:
        """The open invitation of a person or team, a new one where there is none; `anew` withdraws those before."""
        if anew:
            sql = "DELETE FROM invitations WHERE person = ? AND team = ? AND sender = ''"
            self._db.execute(sql, (person, team))
        sql = """SELECT token, person, team, expires_ms FROM invitations
                 WHERE person = ? AND team = ? AND sender = '' AND (expires_ms IS NULL OR expires_ms > ?)"""
        row = self._db.execute(sql, (person, team, now_ms)).fetchone()
        if row is None:
            row = (new_token(), person, team, expires_ms)
            self._db.execute("INSERT INTO invitations VALUES (?, ?, ?, ?, '', '')", row)
        return Invitation(*row)

    def invitations(self, now_ms: int) -> list[Invitation]:
        """Those that can be used."""
        sql = """SELECT token, person, team, expires_ms FROM invitations
                 WHERE sender = '' AND (expires_ms IS NULL OR expires_ms > ?) ORDER BY team, person"""
        return [Invitation(*row) for row in self._db.execute(sql, (now_ms,)).fetchall()]

    def invitation(self, token: str, now_ms: int) -> Invitation | None:
        """The invitation of a token, if it can be used."""
        sql = """SELECT token, person, team, expires_ms FROM invitations
                 WHERE token = ? AND sender = '' AND (expires_ms IS NULL OR expires_ms > ?)"""
        row = self._db.execute(sql, (token_of(token), now_ms)).fetchone()
        return None if row is None else Invitation(*row)

    def withdraw(self, person: str) -> int:
        """End the invitations of a person that nobody used, and their personal links; how many there were."""
        sql = "DELETE FROM invitations WHERE person = ? AND sender = ''"
        return self._db.execute(sql, (person,)).rowcount + self.revoke_links(person)

    def unbind(self, door: str, person: str) -> int:
        """Let the accounts of one door be nobody's again; how many there were."""
        sql = "UPDATE contacts SET person = pseudonym WHERE door = ? AND person = ? AND person <> pseudonym"
        return self._db.execute(sql, (door, person)).rowcount

    def forget(self, person: str) -> list[Contact]:
        """Remove all accounts, links and invitations of a person; their pseudonyms stay given out. What was removed."""
        who = self.person(person)
        gone = self._accounts(who, None)
        self._remove(gone)
        self._db.execute("DELETE FROM invitations WHERE person = ?", (who,))
        self.revoke_links(who)
        return gone

    def silent(self, since_ms: int, after: tuple[str, str], limit: int) -> list[Contact]:
        """Accounts that were not heard since then, by door and sender, those behind `after`."""
        sql = f"""SELECT {_FIELDS} FROM contacts WHERE (door, sender) > (?, ?) AND heard_ms < ?
                  ORDER BY door, sender LIMIT ?"""  # noqa: S608
        return [self._contact(row) for row in self._db.execute(sql, (*after, since_ms, limit)).fetchall()]

    def forget_silent(self, accounts: Sequence[Contact], since_ms: int) -> int:
        """Remove these accounts, but those that were heard meanwhile; how many were removed."""
        now = [self.find(each.door, each.sender) for each in accounts]
        gone = [each for each in now if each is not None and each.heard_ms < since_ms]
        self._remove(gone)
        return len(gone)

    def _remove(self, contacts: Collection[Contact]) -> None:
        keys = [(each.door, each.sender) for each in contacts]
        self._db.executemany("DELETE FROM contacts WHERE door = ? AND sender = ?", keys)
        self._db.executemany("DELETE FROM invitations WHERE door = ? AND sender = ?", keys)

    def _set(self, door: str, sender: str, field: str, value: str) -> None:
        self._db.execute(f"UPDATE contacts SET {field} = ? WHERE door = ? AND sender = ?", (value, door, sender))  # noqa: S608

    def _new_pseudonym(self) -> str:
        while True:
            drawn = f"p-{secrets.token_hex(8)}"
            if self._db.execute("INSERT OR IGNORE INTO pseudonyms VALUES (?)", (drawn,)).rowcount:
                return drawn

    def _row(self, door: str, sender: str) -> tuple[Any, ...] | None:
        sql = f"SELECT {_FIELDS} FROM contacts WHERE door = ? AND sender = ?"  # noqa: S608
        row: tuple[Any, ...] | None = self._db.execute(sql, (door, sender)).fetchone()
        return row

    def _there(self, door: str, sender: str) -> Contact:
        contact = self.find(door, sender)
        assert contact is not None, "an account is heard before anything else"
        return contact

    def _accounts(self, person: str, doors: Collection[str] | None) -> list[Contact]:
        rows = self._db.execute(f"SELECT {_FIELDS} FROM contacts WHERE person = ?", (person,)).fetchall()  # noqa: S608
        found = [self._contact(row) for row in rows if doors is None or row[0] in doors]
        return sorted(found, key=lambda each: (not each.reachable, -each.heard_ms, each.door, each.sender))

    def _contact(self, row: tuple[Any, ...]) -> Contact:
        door, sender, person, pseudonym, chat, language, chosen, team, heard_ms, left_ms = row
        others = self._db.execute("SELECT pseudonym FROM contacts WHERE person = ? ORDER BY pseudonym", (person,))
        earlier = tuple(each for (each,) in others.fetchall() if each != person)
        spoken = chosen or language
        return Contact(
            door, sender, person, pseudonym, earlier, chat, Language(spoken) if spoken else None, team, heard_ms,
            reachable=bool(chat) and heard_ms > left_ms,
        )  # fmt: skip


def _binding(contact: Contact, person: str, used_by: Sequence[str], *, late: bool) -> Binding:
    """What becomes of an invitation for one account of `person`, used by an account that was `used_by`, or nobody."""
    if any(used_by):
        return Binding.BOUND if used_by == [contact.door, contact.sender] else Binding.USED
    if late:
        return Binding.EXPIRED
    return Binding.OTHER_PERSON if contact.bound and contact.person != person else Binding.BOUND
