"""Cases fixed on the spot by their reporter: closed at once, counted apart, and checked by inspectors in samples."""

from hashlib import sha256
from typing import Any

from rules.book.reasons import because
from rules.clocks.clocks import after
from rules.decision.builder import DecisionBuilder
from rules.routing.alerts import photo_facts, photos_judged, same_photos
from schemas.case import Case, Deadline, State
from schemas.command import Outcome
from schemas.event import EventType
from schemas.report import Report


def says_so(report: Report) -> bool:
    """Whether a report claims so, with photos of before and after."""
    return report.fixed and bool(report.photos) and bool(report.after_photos)


def shows_it(report: Report) -> bool:
    """Whether at least one after-photo differs from all before-photos."""
    return not {photo.digest for photo in report.after_photos} <= {photo.digest for photo in report.photos}


def close_at_once(builder: DecisionBuilder, case: Case, report: Report) -> Case:
    """Open and close a case in one step; inspectors check a sample, its reporter may dispute it."""
    policy = builder.book.rulebook.policy
    same = same_photos(report.after_photos, builder, case, role="report")
    sample = not case.history and is_sampled(case.number, policy.self_handled_sample)
    sampled: dict[str, Any] = {"sampled": True} if sample else {}
    return builder.happen(
        case,
        EventType.CLOSED,
        because("self_handled"),
        occurred_ms=case.submitted_ms,
        facts={"figures": figures(case, 1), **photo_facts(same)},
        **photos_judged(case, same),
        **sampled,
        state=State.CLOSED,
        self_handled=True,
        photos=report.after_photos,
        resolved_ms=case.submitted_ms,
        closed_ms=case.submitted_ms,
        outcome=Outcome.FIXED,
        deadlines={Deadline.ARCHIVE: after(builder.t_ms, policy.reopen_window)},
    )


def is_sampled(number: str, percent: int) -> bool:
    """Whether a case belongs to the sample of some percent, by the hash of its number: the same for everybody."""
    return int(sha256(number.encode()).hexdigest()[:8], 16) % 100 < percent


def figures(case: Case, sign: int) -> dict[str, Any]:
    """Figures to count for a self-handled case, apart from the others; `sign` -1 removes it again."""
    place = case.place
    return {
        "sign": sign,
        "self_handled": True,
        "category": case.category,
        "segment": place.segment if place else None,
        "grid": place.grid if place else None,
    }
