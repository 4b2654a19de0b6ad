"""The fold: a case after one more event. Streams, ledger and proof change cases in no other way."""

from typing import Any

from rules.decision.draft import Draft
from schemas.case import TRANSITIONS, Case
from schemas.errors import Stop


class IllegalTransitionError(Stop):
    """An event would take a case where none may. This is a fault of the program: report it with the case."""


def fold(case: Case | None, draft: Draft) -> Case:
    """The case after `draft`; a first event creates it. Raises `IllegalTransitionError` when the table forbids it."""
    now: dict[str, Any] = dict(draft.now)
    before = case.state if case else None
    state = now.get("state", before)
    if state != before and state not in TRANSITIONS[before]:
        raise IllegalTransitionError(case=draft.case, before=before, after=state, event=draft.type)
    acts = case.acts if case else ()
    if not draft.command.startswith(DUE) and draft.command not in acts:
        acts = (*acts, draft.command)
    now["acts"] = acts
    now["seq"] = (case.seq if case else 0) + 1
    if case is None:
        assert draft.case is not None, "a draft without a case changes no case"
        return Case(number=draft.case, home=draft.home, **now)
    return case.after(now)


DUE = "due:"
"""Prefix of the `command` of events that a deadline caused."""
