"""Lists on their way into force: one person proposes, another one approves, the keeper switches; all of it durable."""

import secrets
import sqlite3
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Final

from connectors.intake.refusal import Refused, bad, refused
from connectors.lists.activation import COLUMNS, ActivationKind, ActivationState, ListActivation
from connectors.lists.checked import ListCheck
from connectors.lists.desk import ActivationOrder, ListDesk
from connectors.lists.drafts import ListDraft
from connectors.lists.file import ListsFile
from connectors.lists.steps import SYSTEM, ListStep, note_step
from schemas.codec import encode
from schemas.names import Name

MOST_OPEN: Final = 10
"""That wait for a second person at once."""
_OVER: Final = "UPDATE activations SET rulebook = '', workbook = NULL"
"""What was decided keeps its line, not its content: what came into force is on the log."""
_INSERT: Final = """
INSERT INTO activations (
    id, kind, title, by, made_ms, from_ms, in_flight, leave, note, rulebook, restored, workbook, checked
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class ListActivations:
    """Everybody who decides about the list sees all of them."""

    def __init__(
        self, file: ListsFile, desk: ListDesk, clock: Callable[[], int], day_of: Callable[[int], date]
    ) -> None:
        self._file, self._desk, self._clock, self._day_of = file, desk, clock, day_of

    async def propose(self, draft: ListDraft, *, from_ms: int | None, in_flight: bool, leave: bool, note: str) -> str:
        """Make a checked draft wait for a second person; its id, which the draft had, and which is used once.

        Raises `Refused`: it has errors, drops names of open cases without `leave`, is of the past, or has no reason.
        """
        self._check_words(note, from_ms)
        _check_list(draft.check, leave=leave)

        def move(db: sqlite3.Connection) -> None:
            row = db.execute("SELECT rulebook, remarked FROM drafts WHERE id = ?", (draft.id,)).fetchone()
            if row is None:
                return  # sent twice
            self._check_room(db)
            values = draft.id, ActivationKind.LIST.value, draft.name, draft.by, self._clock(), from_ms, in_flight, leave
            checked = encode(draft.check).decode() if draft.check else None
            db.execute(_INSERT, (*values, note, row[0], "", row[1], checked))
            db.execute("DELETE FROM drafts WHERE id = ?", (draft.id,))
            note_step(db, self._clock(), draft.by, ListStep.PROPOSED, draft.id, note)

        await self._file.do(move)
        return draft.id

    async def propose_back(self, by: str, note: str, *, leave: bool) -> str:
        """Make the version before wait for a second person; its id. Raises `Refused`."""
        self._check_words(note, None)
        earlier, id = await self._desk.earlier(), secrets.token_hex(8)
        if earlier is None:
            raise refused(HTTPStatus.CONFLICT, "nothing_before", "back")

        def keep(db: sqlite3.Connection) -> str:
            restored = " ".join(earlier.restored)
            query = "SELECT id FROM activations WHERE kind = 'back' AND state = 'proposed' AND restored = ?"
            if (known := db.execute(query, (restored,)).fetchone()) is not None:
                return str(known[0])  # sent twice, or by somebody else
            self._check_room(db)
            values = id, ActivationKind.BACK.value, earlier.title, by, self._clock(), None, False, leave, note
            db.execute(_INSERT, (*values, earlier.rulebook, restored, None, None))
            note_step(db, self._clock(), by, ListStep.PROPOSED_BACK, id, note)
            return id

        return await self._file.do(keep)

    async def all(self, most: int) -> list[ListActivation]:
        """The newest first."""
        query = f"SELECT {COLUMNS} FROM activations ORDER BY made_ms DESC, id LIMIT ?"  # noqa: S608  # our columns
        return await self._file.do(lambda db: [ListActivation.of(row) for row in db.execute(query, (most,))])

    async def one(self, id: str) -> ListActivation | None:
        """As it stands; None where there is none."""
        query = f"SELECT {COLUMNS} FROM activations WHERE id = ?"  # noqa: S608  # our columns
        row = await self._file.do(lambda db: db.execute(query, (id,)).fetchone())
        return None if row is None else ListActivation.of(row)

    async def checked(self, id: str) -> ListActivation | None:
        """The same; while it waits, with a check against what is in force now."""
        one = await self.one(id)
        if one is None or one.state is not ActivationState.PROPOSED:
            return one
        on = self._day_of(max(one.from_ms or 0, self._clock()))
        if one.check is None or (one.check.against, one.check.on) != (await self._desk.in_force(), on):
            (content,) = await self._file.do(lambda db: db.execute(_CONTENT, (id,)).fetchone())
            found = encode(await self._desk.check_rulebook(content, on)).decode()
            await self._file.do(lambda db: db.execute(_CHECKED, (found, id)))
        return await self.one(id)

    async def workbook(self, id: str) -> bytes | None:
        """The uploaded workbook with remarks, while it waits."""
        query = "SELECT workbook FROM activations WHERE id = ?"
        row = await self._file.do(lambda db: db.execute(query, (id,)).fetchone())
        return bytes(row[0]) if row is not None and row[0] else None

    async def approve(self, id: str, by: str, *, seen: str, leave: bool, reason: str) -> None:
        """A second person's yes, durable on return; `seen`: what `standing` said when they looked.

        Raises `Refused`: it is their own, was decided, has errors now, drops names, or another list came into force.
        """
        one = await self.checked(id)
        if one is None:
            raise refused(HTTPStatus.NOT_FOUND, "no_activation")
        if by == one.by:
            raise refused(HTTPStatus.FORBIDDEN, "own_activation", "by")
        if one.state is not ActivationState.PROPOSED or one.check is None:
            raise _decided()
        if seen != self.standing(one.check):
            raise refused(HTTPStatus.CONFLICT, "other_list_meanwhile")
        leave = leave or one.leave
        if one.kind is ActivationKind.LIST:
            _check_list(one.check, leave=leave)
        elif one.check.unanswered and not leave:
            raise _unanswered(one.check.unanswered)
        sets = "state = ?, decided_by = ?, decided_ms = ?, reason = ?, leave = ?, after = ?"
        values = ActivationState.APPROVED.value, by, self._clock(), reason, leave, self._desk.switches
        await self._decide(id, sets, values, by, ListStep.APPROVED, reason)

    def standing(self, check: ListCheck) -> str:
        """Of what is in force and planned: whoever decides says with it what they looked at."""
        return f"{check.against[1]}.{self._desk.switches}"

    async def decline(self, id: str, by: str, reason: str) -> None:
        """A second person's no, with its reason; or the proposer takes it back. Raises `Refused`."""
        one = await self.one(id)
        if one is None:
            raise refused(HTTPStatus.NOT_FOUND, "no_activation")
        own = one.by == by
        if not own and not reason:
            raise bad("reason_needed", "reason")
        state, step = (
            (ActivationState.WITHDRAWN, ListStep.WITHDRAWN) if own else (ActivationState.DECLINED, ListStep.DECLINED)
        )
        sets = "state = ?, decided_by = ?, decided_ms = ?, reason = ?, rulebook = '', workbook = NULL"
        await self._decide(id, sets, (state.value, by, self._clock(), reason), by, step, reason)

    async def _decide(
        self, id: str, sets: str, values: tuple[object, ...], by: str, step: ListStep, reason: str
    ) -> None:
        def decide(db: sqlite3.Connection) -> None:
            if not db.execute(f"UPDATE activations SET {sets} {_WAITING}", (*values, id)).rowcount:  # noqa: S608
                raise _decided()
            note_step(db, self._clock(), by, step, id, reason)

        await self._file.do(decide)

    async def orders(self) -> list[ActivationOrder]:
        """What was approved and is not switched to yet, the oldest first."""
        columns = "id, rulebook, restored, decided_by, by, from_ms, in_flight, note, checked, after"
        query = f"SELECT {columns} FROM activations WHERE state = 'approved' ORDER BY decided_ms"  # noqa: S608
        return [_order(row) for row in await self._file.do(lambda db: db.execute(query).fetchall())]

    async def done(self, id: str, effective_ms: int) -> None:
        """It is on the log, with this moment."""

        def end(db: sqlite3.Connection) -> None:
            sql = f"{_OVER}, state = 'done', effective_ms = ? WHERE id = ? AND state = 'approved'"
            if db.execute(sql, (effective_ms, id)).rowcount:
                note_step(db, self._clock(), SYSTEM, ListStep.SWITCHED, id)

        await self._file.do(end)

    async def failed(self, id: str, fault: Name) -> None:
        """It cannot be switched to, and why; it has to be proposed anew."""

        def end(db: sqlite3.Connection) -> None:
            sql = f"{_OVER}, state = 'failed', fault = ? WHERE id = ? AND state = 'approved'"
            if db.execute(sql, (fault.model_dump_json(), id)).rowcount:
                note_step(db, self._clock(), SYSTEM, ListStep.FAILED, id, fault.zh)

        await self._file.do(end)

    def _check_words(self, note: str, from_ms: int | None) -> None:
        if not note:
            raise bad("reason_needed", "note")
        if from_ms is not None and from_ms < self._clock():
            raise bad("moment_passed", "from")

    @staticmethod
    def _check_room(db: sqlite3.Connection) -> None:
        (count,) = db.execute("SELECT count(*) FROM activations WHERE state = 'proposed'").fetchone()
        if count >= MOST_OPEN:
            raise refused(HTTPStatus.CONFLICT, "too_many_activations", most=MOST_OPEN)


_WAITING: Final = "WHERE id = ? AND state = 'proposed'"
_CHECKED: Final = f"UPDATE activations SET checked = ? {_WAITING}"  # noqa: S608  # ours
_CONTENT: Final = "SELECT rulebook FROM activations WHERE id = ?"


def _check_list(check: ListCheck | None, *, leave: bool) -> None:
    """Raises `Refused` for what must not come into force."""
    if check is None or not check.can_be_activated:
        raise refused(HTTPStatus.CONFLICT, "list_has_errors", n=check.errors if check else 0)
    if not check.rows_in_all:
        raise refused(HTTPStatus.CONFLICT, "list_is_the_same")
    if check.unanswered and not leave:
        raise _unanswered(check.unanswered)


def _unanswered(n: int) -> Refused:
    return refused(HTTPStatus.CONFLICT, "names_of_open_cases", "leave", n=n)


def _decided() -> Refused:
    return refused(HTTPStatus.CONFLICT, "activation_decided")


def _order(row: tuple[str, str, str, str, str, int | None, int, str, str, int]) -> ActivationOrder:
    id, rulebook, restored, decided_by, by, from_ms, in_flight, note, checked, after = row
    against = ListCheck.model_validate_json(checked).against
    digests = tuple(restored.split())
    return ActivationOrder(
        id=f"page-{id}",
        rulebook=rulebook,
        restored=(digests[0], digests[1]) if digests else None,
        against=against,
        after=after,
        by=decided_by,
        proposed_by=by,
        from_ms=from_ms,
        in_flight=bool(in_flight),
        note=note,
    )
