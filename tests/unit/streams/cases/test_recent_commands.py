"""What concerns no case acts once as well."""

from schemas.command import Act, Activate, AnyCommand, Cover, Supply
from schemas.topics import EVERYWHERE
from streams.cases.recent_commands import SLOTS, NewCommands, RecentCommands
from tests.unit.streams.cases.test_proof import folded
from tests.unit.streams.cases.test_step import SECOND, act, lab, opening, run, types
from tests.worlds.commanded_street import HOUR_MS, START_MS

LOOSE: tuple[AnyCommand, ...] = (
    Cover(id="c1", home=EVERYWHERE, person="owner-a", cover="owner-b", by="owner-a", from_ms=1, until_ms=START_MS * 2),
    Cover(id="c2", home=EVERYWHERE, person="nobody", by="nobody", from_ms=1, until_ms=2),
    Activate(id="v2", home=EVERYWHERE, rulebook=SECOND.version, region="region", by="chief", effective_ms=1),
    act(Act.URGE, "chief", "test-G1-2610-00077"),
    Supply(id="s1", home="test-G1", report="unknown", by="walker", text="more"),
)


def test_redelivered_it_gives_nothing() -> None:
    """Covers done and refused, activations, and what is about no case; also by a worker that takes over."""
    at = lab()
    once = types(run(at, *LOOSE))
    assert once == ["cover_set", "action_refused", "rulebook_activated", "action_refused", "action_refused"]
    assert run(at, *LOOSE) == []
    at.step = at.recovered()
    assert run(at, *LOOSE) == []
    assert at.book["seen"] == len(LOOSE)
    assert len([key for key in at.state if key.startswith("roster/")]) == 1
    assert list(folded(at).differences(at.state, at.book)) == []


def test_an_act_on_an_archived_case_is_refused_once() -> None:
    at = lab()
    run(at, opening(), act(Act.WITHDRAW, "walker"))
    run(at, Cover(id="c", home=EVERYWHERE, person="owner-b", by="owner-b", from_ms=1, until_ms=2), minutes=60 * 24 * 8)
    assert not [key for key in at.state if key.startswith("case/")]
    late = act(Act.REOPEN, "walker", note="still there")
    assert types(run(at, late)) == ["action_refused"]
    assert run(at, late) == []


def test_what_a_case_remembers_is_not_kept_twice() -> None:
    """And a case that comes after the refusal takes what is sent again under a new id only."""
    at = lab()
    run(at, opening(), act(Act.URGE, "owner-b"))
    assert at.book["seen"] == 0
    assert run(at, act(Act.URGE, "owner-b")) == []


def test_the_oldest_makes_room() -> None:
    ring, count = RecentCommands(), 0
    for n in range(SLOTS + 1):
        fresh = NewCommands(ring)
        count = fresh.add(f"c{n}", count)
        assert fresh.add(f"c{n}", count) == count
        assert f"c{n}" not in ring
        fresh.accept()
    assert ("c0" in ring, "c1" in ring, f"c{SLOTS}" in ring) == (False, True, True)
    again = RecentCommands()
    for key, value in ring.items():
        again.restore(key, value)
    assert dict(again.items()) == dict(ring.items())
    assert len(dict(ring.items())) == SLOTS


def test_a_change_that_is_dropped_leaves_nothing() -> None:
    at = lab()
    run(at, opening())
    at.append(START_MS + HOUR_MS, LOOSE[0])
    assert at.run(at.log[-1:], commit=False) == []
    assert types(run(at, LOOSE[0])) == ["cover_set"]
