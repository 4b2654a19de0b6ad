"""What is written for a switch, from what `rulebooks` says already."""

import pytest

from schemas.codec import decode_any, encode
from schemas.command import COMMAND, Activate
from schemas.report import INCOMING, Activation
from schemas.system import Mode, Switched, System
from streams.rulebooks.activation import (
    MOST_PLANNED,
    NotCreatedError,
    OvertakenError,
    PastSystemError,
    SwitchIdReusedError,
    TooManyPlannedError,
    switched,
)
from streams.rulebooks.schedule import planned, switch_of

SYSTEM = {"system": encode(System(partitions=3, region="r0", rulebook="b0"))}


def switch(id: str = "s", effective_ms: int = 100, rulebook: str = "b1") -> Switched:
    return Switched(
        id=id, rulebook=rulebook, region="r1", by="chief", at_ms=50, effective_ms=effective_ms, in_flight=True
    )


def record(told: Switched) -> dict[str, bytes]:
    content = dict.fromkeys([f"{told.rulebook}/0", f"{told.region}/0"], b"{}")
    return content | {f"switch/{told.id}": encode(told)}


def test_every_partition_is_told_and_it_stays_on_record() -> None:
    told, outputs = switched(switch(), SYSTEM, "x.", None)
    assert told == switch()
    assert [(o.topic, o.partition, o.key) for o in outputs] == [
        ("x.rulebooks", 0, b"switch/s"),
        *(("x.reports", n, b"*") for n in range(3)),
        *(("x.commands", n, b"*") for n in range(3)),
    ]
    incoming, command = decode_any(INCOMING, outputs[1].value), decode_any(COMMAND, outputs[4].value)
    assert isinstance(incoming, Activation)
    assert isinstance(command, Activate)
    assert (switch_of(incoming)[:3], switch_of(command)) == ((100, "b1", "r1"), (100, "b1", "r1", True))


def test_what_was_told_is_not_told_again() -> None:
    """The first word under an id counts, also when it is asked for another time then."""
    found = SYSTEM | record(switch())
    assert switched(switch(effective_ms=200), found, "", None) == (switch(), ())
    with pytest.raises(SwitchIdReusedError):
        switched(switch(rulebook="b2"), found, "", None)


def test_who_was_overtaken_undoes_nothing() -> None:
    found = SYSTEM | record(switch("other", 90))
    assert switched(switch(), SYSTEM, "", ("r0", "b0"))[1]
    with pytest.raises(OvertakenError):
        switched(switch(), found, "", ("r0", "b0"))
    assert switched(switch(), found, "", ("r1", "b1"))[1]


def test_no_more_is_planned_than_partitions_keep() -> None:
    """At the most, every partition still has room beside what is in force and what took cases in flight along."""
    found = SYSTEM | {}
    kept = planned((), switch_of(_command(switch("a", 1))), 1)
    kept = planned(kept, switch_of(_command(switch("b", 2)))._replace(in_flight=False), 2)
    for number in range(MOST_PLANNED):
        found |= record(switch(f"s{number}", 100 + number))
        kept = planned(kept, switch_of(_command(switch("x", 100 + number))), 50)
    assert len(kept) == MOST_PLANNED + 2
    with pytest.raises(TooManyPlannedError):
        switched(switch(effective_ms=300), found, "", None)
    assert switched(switch(effective_ms=101), found, "", None)[1], "in the place of another one"


def test_there_must_be_a_system() -> None:
    with pytest.raises(NotCreatedError):
        switched(switch(), {}, "", None)


def test_nothing_takes_effect_in_a_past() -> None:
    """Its commands would move the clocks of the partitions to the present, before the rest of the past is there."""
    past = System(partitions=3, mode=Mode.HISTORY, region="r0", rulebook="b0")
    with pytest.raises(PastSystemError):
        switched(switch(), {"system": encode(past)}, "", None)


def _command(told: Switched) -> Activate:
    fields = told.model_dump(include={"id", "rulebook", "region", "effective_ms", "in_flight", "by"})
    return Activate(home="*", **fields)
