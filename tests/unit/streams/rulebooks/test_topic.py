"""What the records of `rulebooks` say is in force."""

import json

import pytest

from schemas.codec import encode
from schemas.content import content_address, text_address
from schemas.rulebook import Rulebook
from schemas.system import Content, Switched, System
from streams.partition.errors import Refusal
from streams.rulebooks.topic import (
    ContentChangedError,
    OtherReleaseError,
    both_records,
    content_of,
    digests_at,
    region_in,
    rulebook_in,
    switches_in,
)
from tests.worlds.commanded_street import region, rulebook

SYSTEM = {"system": encode(System(partitions=3, region="r0", rulebook="b0"))}
CONTENT = dict.fromkeys(["r1/0", *(f"b-{id}/0" for id in "abcd")], b"{}")


def switch(id: str, effective_ms: int) -> dict[str, bytes]:
    told = Switched(id=id, rulebook=f"b-{id}", region="r1", by="chief", at_ms=1, effective_ms=effective_ms)
    return {f"switch/{id}": encode(told)}


@pytest.mark.parametrize(
    ("t_ms", "expected"), [(9, ("r0", "b0")), (10, ("r1", "b-a")), (19, ("r1", "b-a")), (20, ("r1", "b-c")), (99, None)]
)
def test_the_last_switch_that_is_due_counts(t_ms: int, expected: tuple[str, str] | None) -> None:
    """Whatever order they were made in; of two for one moment the one that was made last."""
    records = SYSTEM | CONTENT | switch("b", 20) | switch("a", 10) | switch("c", 20) | switch("d", 99)
    assert digests_at(records, t_ms) == (expected or ("r1", "b-d"))
    assert [each.id for each in switches_in(records)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "evil",
    [
        {"switch/e": b"garbage"},
        {"switch/e": switch("a", 15)["switch/a"].replace(b'"effective_ms":15', b'"effective_ms":1%b' % (b"0" * 18))},
        switch("nowhere", 15),
    ],
)
def test_what_is_no_switch_counts_nowhere(evil: dict[str, bytes]) -> None:
    """Whoever can write to `rulebooks` must not be able to close the doors; partitions set aside what tells them so."""
    records = SYSTEM | CONTENT | switch("a", 10) | evil
    assert digests_at(records, 99) == ("r1", "b-a")
    assert [each.id for each in switches_in(records)] == ["a"]


def test_there_is_nothing_in_force_before_the_system_is_there() -> None:
    assert digests_at({}, 5) is None


def test_content_is_read_back_whole_or_not_at_all() -> None:
    records = both_records(region(), rulebook())
    assert region_in(records, content_address(region())) == region()
    assert rulebook_in(records, content_address(rulebook())) == rulebook()
    wrong = {key.replace(content_address(rulebook()), "x"): value for key, value in records.items()}
    with pytest.raises(ContentChangedError):
        rulebook_in(wrong, "x")
    for text in ("{" * 9, "[" * 9_000):
        content = Content(kind="rulebook", part=0, parts=1, json_text=text)
        with pytest.raises(ContentChangedError):
            rulebook_in({"x/0": encode(content)}, "x")
    assert rulebook_in({}, "x") is None


def test_content_of_a_newer_release_is_refused_in_a_sentence() -> None:
    """A command of a new release may store it while workers of the old one run: those must end, and start as new."""
    newer = json.dumps(rulebook().model_dump(mode="json") | {"weather": "rain"}, separators=(",", ":"))
    with pytest.raises(OtherReleaseError, match=r"weather: Extra inputs"):
        content_of(Rulebook, newer, text_address(newer))
    assert issubclass(OtherReleaseError, Refusal), "so that the worker ends, whoever asks"
