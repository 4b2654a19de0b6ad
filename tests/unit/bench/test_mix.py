from collections import Counter

from bench.behind import state
from bench.mix import ROWS, Mix, street
from rules.durable.envelope import plan
from schemas.case import State
from schemas.codec import decode_any
from schemas.command import COMMAND


def test_every_command_of_the_mix_is_done() -> None:
    """Opened, acknowledged, resolved and verified, one to one: a refused act or a merged report would be cheaper."""
    mix = Mix(8)

    sent = list(mix.lives(60))

    kinds = Counter(
        getattr(command, "act", command.type) for one in sent for command in [decode_any(COMMAND, one.value)]
    )
    assert set(kinds.values()) == {60}
    assert sum(step.memory.totals.refused_actions for step in mix.steps) == 0
    kept = [(step.memory, key.removeprefix("case/")) for step in mix.steps for key, _ in step.memory.items()]
    cases = [case for memory, number in kept if (case := memory.case(number))]
    assert [case.state for case in cases] == [State.CLOSED] * 60
    assert all(one.effects.changes and one.counted for one in sent)


def test_the_mix_is_routed_by_a_table_that_the_engine_takes() -> None:
    _, rulebook = street()

    assert len(rulebook.routing.rows) == ROWS
    assert plan(rulebook.routing).problems == ()


def test_a_system_with_much_behind_it_goes_on() -> None:
    """What is written into the state topics is what a partition's step takes and counts on."""
    states, made = state(8, 300, 5_000)
    mix = Mix(8, first=made)
    mix.go_on(states)

    sent = list(mix.lives(40))

    assert sum(step.memory.totals.cases for step in mix.steps) == 340
    assert sum(step.memory.totals.refused_actions for step in mix.steps) == 0
    assert len(sent) == 160
