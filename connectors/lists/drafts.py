"""Uploaded workbooks: durable before they are checked, checked again when another list is in force, erasable."""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Final

from connectors.intake.refusal import refused
from connectors.lists.checked import ListCheck
from connectors.lists.desk import CheckedWorkbook, ListDesk, UncheckedWorkbook
from connectors.lists.file import ListsFile
from connectors.lists.steps import ListStep, note_step
from schemas.codec import decode, encode
from schemas.names import Language

MOST_DRAFTS: Final = 5
"""Of one person."""
_COLUMNS: Final = "id, by, made_ms, name, language, checked"


@dataclass(frozen=True, slots=True)
class ListDraft:
    """An uploaded workbook, without its content. `check` is None until it was checked."""

    id: str
    by: str
    made_ms: int
    name: str
    """Of the file, as its sender called it."""
    language: Language
    check: ListCheck | None


class ListDrafts:
    """The drafts of everybody who decides about the list; each sees and changes their own."""

    def __init__(
        self,
        file: ListsFile,
        desk: ListDesk,
        clock: Callable[[], int],
        today: Callable[[], date],
        most: int = MOST_DRAFTS,
    ) -> None:
        self._file, self._desk, self._clock, self._today, self._most = file, desk, clock, today, most
        self._one = asyncio.Lock()

    async def add(self, by: str, name: str, workbook: bytes, language: Language, yaml: str | None = None) -> str:
        """Keep it; its id. Raises `Refused` (409) when this person has the most allowed already.

        `yaml` is what the workbook does not hold; None: that of the list in force.
        """
        yaml, id = await self._desk.beside_workbook() if yaml is None else yaml, secrets.token_hex(8)

        def keep(db: sqlite3.Connection) -> None:
            (count,) = db.execute("SELECT count(*) FROM drafts WHERE by = ?", (by,)).fetchone()
            if count >= self._most:
                raise refused(HTTPStatus.CONFLICT, "too_many_drafts", "workbook", most=self._most)
            row = id, by, self._clock(), name, language.value, workbook, yaml
            sql = "INSERT INTO drafts (id, by, made_ms, name, language, workbook, yaml) VALUES (?, ?, ?, ?, ?, ?, ?)"
            db.execute(sql, row)
            note_step(db, self._clock(), by, ListStep.UPLOADED, id, name)

        await self._file.do(keep)
        return id

    async def change(self, by: str, id: str, seen: str, content: UncheckedWorkbook, what: str) -> bool:
        """Put another content into a draft, to be checked anew; `what` changed is written down.

        False, and nothing is changed, if its list is not the one that was `seen` (JSON) any more.
        """

        def change(db: sqlite3.Connection) -> bool:
            sql = (
                "UPDATE drafts SET workbook = ?, yaml = ?, checked = NULL, rulebook = NULL, remarked = NULL "
                "WHERE id = ? AND by = ? AND rulebook = ?"
            )
            if not db.execute(sql, (content.workbook, content.yaml, id, by, seen)).rowcount:
                return False
            note_step(db, self._clock(), by, ListStep.EDITED, id, what)
            return True

        return await self._file.do(change)

    async def of(self, by: str) -> list[ListDraft]:
        """Newest first."""
        query = f"SELECT {_COLUMNS} FROM drafts WHERE by = ? ORDER BY made_ms DESC, id"  # noqa: S608  # our columns
        return await self._file.do(lambda db: [_draft(row) for row in db.execute(query, (by,))])

    async def checked(self, by: str, id: str) -> ListDraft | None:
        """A draft with a check against what is in force today; None when `by` has no such draft."""
        draft = await self._draft(by, id)
        if draft is None or await self._is_fresh(draft):
            return draft
        async with self._one:
            while True:  # until nobody changes it while it is checked
                draft = await self._draft(by, id)  # perhaps somebody else asked for it meanwhile
                if draft is None or await self._is_fresh(draft):
                    return draft
                content = await self._file.do(lambda db: db.execute(_CONTENT, (id,)).fetchone())
                if content is None:
                    return None
                seen = UncheckedWorkbook(*content)
                found = await self._desk.check_workbook(seen, self._today(), draft.language)
                if await self._file.do(partial(_keep, id=id, seen=seen, found=found)):
                    return replace(draft, check=found.check)

    async def rulebook(self, by: str, id: str) -> str | None:
        """The whole list of a checked draft, as JSON; None where there is none."""
        query = "SELECT rulebook FROM drafts WHERE id = ? AND by = ?"
        found = await self._file.do(lambda db: db.execute(query, (id, by)).fetchone())
        return found[0] if found is not None else None

    async def remarked(self, by: str, id: str) -> bytes | None:
        """The workbook with each problem at its cell; None where there is none."""
        query = "SELECT remarked FROM drafts WHERE id = ? AND by = ?"
        found = await self._file.do(lambda db: db.execute(query, (id, by)).fetchone())
        return bytes(found[0]) if found is not None and found[0] else None

    async def erase(self, by: str, id: str) -> None:
        """Leave nothing of it but the line in the log that it was there."""

        def erase(db: sqlite3.Connection) -> None:
            if db.execute("DELETE FROM drafts WHERE id = ? AND by = ?", (id, by)).rowcount:
                note_step(db, self._clock(), by, ListStep.ERASED, id)

        await self._file.do(erase)

    async def _is_fresh(self, draft: ListDraft) -> bool:
        check = draft.check
        return check is not None and check.on == self._today() and check.against == await self._desk.in_force()

    async def _draft(self, by: str, id: str) -> ListDraft | None:
        query = f"SELECT {_COLUMNS} FROM drafts WHERE id = ? AND by = ?"  # noqa: S608  # our columns
        row = await self._file.do(lambda db: db.execute(query, (id, by)).fetchone())
        return None if row is None else _draft(row)


_CONTENT: Final = "SELECT workbook, yaml FROM drafts WHERE id = ?"


def _draft(row: tuple[str, str, int, str, str, str | None]) -> ListDraft:
    id, by, made_ms, name, language, checked = row
    check = None if checked is None else decode(ListCheck, checked.encode())
    return ListDraft(id, by, made_ms, name, Language(language), check)


def _keep(db: sqlite3.Connection, id: str, seen: UncheckedWorkbook, found: CheckedWorkbook) -> bool:
    """Whether it still was what was checked."""
    values = encode(found.check).decode(), found.rulebook or None, found.remarked or None
    sql = "UPDATE drafts SET checked = ?, rulebook = ?, remarked = ? WHERE id = ? AND workbook = ? AND yaml = ?"
    return db.execute(sql, (*values, id, seen.workbook, seen.yaml)).rowcount > 0
