"""Acts that wait for their answer, and the schema of what departments write."""

from pathlib import Path

from connectors.intake.submission import ActionSubmission
from connectors.orders.open_acts import MISSED_MS, OpenAct, OpenActs, departments_with_topics
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


async def test_an_act_over_http_waits_where_there_is_a_topic_for_its_answer(tmp_path: Path) -> None:
    """Known to the next process, too, and forgotten a month after the topics were last there."""
    file = tmp_path / "actions.sqlite"
    assert departments_with_topics(file, 0) == set()
    acts = OpenActs(file)
    await acts.add_of_http("water", "0", "case-1", 1)
    await acts.seen(["water"], 2 * MISSED_MS)
    await acts.close()
    acts = OpenActs(file)
    for department in ("water", "parks"):
        await acts.add_of_http(department, "1", "case-1", 2 * MISSED_MS + 1)
    await acts.add_of_http("water", "2", "case-1", 3 * MISSED_MS)
    (act,) = await acts.all()
    assert act == OpenAct("water", "1", "case-1")
    await acts.answered(act)
    assert await acts.all() == []
    await acts.close()
    assert departments_with_topics(file, 2 * MISSED_MS + 1) == {"water"}
    assert departments_with_topics(file, 3 * MISSED_MS) == set()


def test_the_schema_names_what_is_read() -> None:
    """But for the case, which is the key, the door, and what no department does: recordings, days of list changes."""
    assert Action.model_fields.keys() == ActionSubmission.model_fields.keys() - {"case", "door", "recordings", "day"}
