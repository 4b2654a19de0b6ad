"""Cases as a ledger may have them, for figures: every field that a figure looks at, in any combination."""

from typing import Final

from hypothesis import strategies as st

from schemas.case import TRANSITIONS
from schemas.command import Outcome
from tests.worlds.builders import HOUR, START

END: Final = START + 60 * 24 * HOUR
CASE: Final = st.fixed_dictionaries(
    {
        "state": st.sampled_from([state.value for state in TRANSITIONS if state is not None]),
        "submitted_ms": st.integers(START, END),
        "category": st.sampled_from(["a", "b"]),
        "took_ms": st.none() | st.integers(0, 10**9),
        "due_ms": st.none() | st.integers(START, END + 10**9),
        "on_time": st.none() | st.booleans(),
        "outcome": st.none() | st.sampled_from([outcome.value for outcome in Outcome]),
        "self_handled": st.booleans(),
        "kind": st.sampled_from(["problem", "question"]),
        "reworks": st.integers(0, 2),
        "hops": st.integers(0, 3),
        "contacted_ms": st.none() | st.just(START),
        "missed": st.sampled_from([[], ["accept"], ["respond", "resolve"]]),
        "verified_by": st.sampled_from([None, "reporter", "inspector", "policy"]),
        "rating": st.sampled_from([None, "satisfied", "dissatisfied"]),
        "suspended_ms": st.none() | st.integers(START, END),
        "master": st.none() | st.just("x"),
    }
)
PLACE: Final = st.fixed_dictionaries({"grid": st.sampled_from(["g1", "g2"]), "segment": st.none() | st.just("s")})
DEPARTMENT: Final = st.fixed_dictionaries(
    {"code": st.sampled_from(["d1", "d2"]), "name": st.sampled_from(["一", "Two", ""])}
)
MORE: Final = st.fixed_dictionaries(
    {},
    optional={
        "place": st.none() | PLACE,
        "department": DEPARTMENT,
        "raised": st.integers(0, 2),
        "assignee": st.sampled_from(["p1", "p2", "p3"]),
        "by_day": st.booleans(),
        "verifying_ms": st.integers(0, 10**8),
        "sampled": st.booleans(),
        "inspected": st.sampled_from([None, "passed", "failed"]),
        "duty": st.none() | st.just("d"),
        "history": st.booleans(),
        "dispatched_ms": st.none() | st.just(START),
        "extensions": st.integers(0, 2),
    },
)
"""Fields that most cases do not have."""
