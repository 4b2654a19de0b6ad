"""With any valid rulebook, each report becomes exactly one of routed, refused, merged, waiting, and is told why."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.case import Count, State, share_of
from schemas.command import Open
from tests.strategies.drawn_rulebooks import drawn_report, drawn_rulebook
from tests.worlds.street import Street, a_book

SHARES = {Count.ROUTED, Count.REFUSED, Count.MERGED, Count.WAITING}


def lived(seed: int) -> tuple[Street, Counter[Count]]:
    """A street that takes some reports at once, with each of them looked at."""
    random = Random(seed)
    street, shares = Street(a_book(rulebook=drawn_rulebook(random))), Counter[Count]()
    for n in range(12):
        report, place = drawn_report(random, f"r{n}")
        home = f"R1-{place.grid if place else 'U'}"
        before = len(street.drafts)
        street.apply(Open(id=report.id, home=home, report=report, place=place), street.t_ms)
        mine = [case for case in street.cases.values() if case.report == report.id]
        assert len(mine) == 1, "exactly one case"
        share = share_of(mine[0])
        assert share in SHARES
        reasons = [d for d in street.drafts[before:] if d.case == mine[0].number and d.because is not None]
        told = reasons[-1].because
        assert told is not None
        assert told.zh.strip()
        assert told.en.strip()
        assert mine[0].state is not State.SUBMITTED or mine[0].deadlines, "nothing is left lying"
        if share is Count.ROUTED and not mine[0].self_handled:
            assert mine[0].assignee or mine[0].offer is not None
        shares[share] += 1
    return street, shares


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**64 - 1))
def test_every_report_has_exactly_one_outcome_with_a_reason(seed: int) -> None:
    street, shares = lived(seed)
    assert sum(shares.values()) == len(street.cases) == 12


def test_the_law_is_tried_on_rulebooks_worth_it() -> None:
    """All four outcomes come, of many rows, by defaults, with gaps and in conflicts."""
    total: Counter[Count] = Counter()
    codes: Counter[str] = Counter()
    for seed in range(150):
        street, shares = lived(seed)
        total += shares
        codes.update(d.because.code for d in street.drafts if d.because)
    assert min(total[share] for share in SHARES) > 20
    wanted = {"segment_owner", "grid_head", "department", "person", "fallback", "redirected", "refused", "self_handled"}
    wanted |= {"needs_place", "needs_words", "not_admitted", "duplicate"}
    assert wanted <= set(codes), wanted - set(codes)
