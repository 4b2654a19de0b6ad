"""Acts that wait for their answer, and the schema of what departments write."""

from pathlib import Path

from connectors.intake.submission import ActionSubmission
from connectors.orders.open_acts import OpenAct, OpenActs
from schemas.action import Action


async def test_an_act_waits_until_it_is_answered(tmp_path: Path) -> None:
    """One that is written again while it waits, or under an id that waits, changes nothing."""
    first, other = OpenAct("water", "1", "case-1", 0, 5), OpenAct("parks", "1", "case-0", 0, 5)
    again = OpenAct("water", "1", "case-2", 0, 9)
    acts = OpenActs(tmp_path / "actions.sqlite")
    for act in (first, other, again):
        await acts.add(act)
    await acts.answered(again)
    assert await acts.all() == [other, first]
    await acts.close()
    acts = OpenActs(tmp_path / "actions.sqlite")
    await acts.answered(first)
    assert await acts.all() == [other]
    await acts.close()


def test_the_schema_names_what_is_read() -> None:
    """But for the case, which is the key, the door, and recordings, which no other system can name."""
    assert Action.model_fields.keys() == ActionSubmission.model_fields.keys() - {"case", "door", "recordings"}
