"""Who may let a list take effect, and with which words the others are refused."""

from datetime import date

import pytest

from connectors.doors.http.context import LISTS
from connectors.intake.refusal import Refused
from connectors.lists.activation import ActivationState
from connectors.lists.activations import ListActivations
from connectors.lists.checked import ListCheck
from connectors.lists.drafts import ListDraft
from connectors.lists.steps import ListStep, last_steps
from schemas.names import Language
from tests.worlds.small_town import MORNING, Town
from tests.worlds.town_life import BOSS

STEWARD = "list-steward"
GOOD = ListCheck(rulebook="new", against=("r", "b"), on=date(2026, 11, 19), rows_in_all=1)


async def draft(town: Town, check: ListCheck = GOOD) -> ListDraft:
    """One that was found to be so."""
    lists = town.app[LISTS]
    id = await lists.drafts.add(STEWARD, "list.xlsx", b"x", Language.EN)
    await lists.file.do(lambda db: db.execute("UPDATE drafts SET rulebook = '{}' WHERE id = ?", (id,)))
    return ListDraft(id, STEWARD, MORNING, "list.xlsx", Language.EN, check)


async def refusal(activations: ListActivations, sent: ListDraft, **given: object) -> str:
    fields: dict[str, object] = {"from_ms": None, "in_flight": False, "leave": False, "note": "why"}
    with pytest.raises(Refused) as refused:
        await activations.propose(sent, **(fields | given))  # type: ignore[arg-type]  # whatever a form has
    return refused.value.faults[0].code


async def test_what_must_not_come_into_force_is_not_proposed(town: Town) -> None:
    activations = town.app[LISTS].activations
    assert await refusal(activations, await draft(town), note="") == "reason_needed"
    assert await refusal(activations, await draft(town), from_ms=MORNING - 1) == "moment_passed"
    wrong = GOOD.model_copy(update={"errors": 2})
    assert await refusal(activations, await draft(town, wrong)) == "list_has_errors"
    same = GOOD.model_copy(update={"rows_in_all": 0})
    assert await refusal(activations, await draft(town, same)) == "list_is_the_same"
    dropped = await draft(town, GOOD.model_copy(update={"unanswered": 1}))
    assert await refusal(activations, dropped) == "names_of_open_cases"
    await activations.propose(dropped, from_ms=None, in_flight=False, leave=True, note="why")
    assert [each.state for each in await activations.all(9)] == [ActivationState.PROPOSED]


async def test_it_is_declined_with_a_reason_or_taken_back(town: Town) -> None:
    lists = town.app[LISTS]
    first, second = await draft(town), await draft(town)
    for each in (first, second, second):
        await lists.activations.propose(each, from_ms=None, in_flight=False, leave=False, note="why")
    with pytest.raises(Refused) as refused:
        await lists.activations.decline(first.id, BOSS, "")
    assert refused.value.faults[0].code == "reason_needed"
    await lists.activations.decline(first.id, BOSS, "too early")
    await lists.activations.decline(second.id, STEWARD, "")
    found = {each.id: each for each in await lists.activations.all(9)}
    assert (found[first.id].state, found[first.id].reason) == (ActivationState.DECLINED, "too early")
    assert found[second.id].state is ActivationState.WITHDRAWN
    with pytest.raises(Refused):
        await lists.activations.decline(first.id, BOSS, "again")
    steps = await lists.file.do(lambda db: last_steps(db, first.id))
    assert [(each.by, each.step, each.why) for each in steps][:2] == [
        (BOSS, ListStep.DECLINED, "too early"),
        (STEWARD, ListStep.PROPOSED, "why"),
    ]
