"""A case in every state, reached by the acts that lead there."""

from schemas.case import Case, State
from schemas.command import Act, Supply
from tests.worlds.street import HOUR, ON_S1, ON_S2, PHOTO, T0, Street

LATER = T0 + 10 * 60_000
HANDLER, REPORTER, ABOVE = "owner-1", "patrol-1", "office"


def in_state(state: State) -> tuple[Street, Case]:
    """A street with a case in this state; a second case is on the other road."""
    street = Street()
    street.report(ON_S2, name="other", at=T0, by="patrol-2")
    case = _ways[state](street) if state in _ways else street.report(at=T0).after({"state": state})
    street.cases[case.number] = case
    assert case.state is state
    return street, case


def _waiting(street: Street) -> Case:
    return street.report(None, at=T0)


def _moved(street: Street) -> Case:
    case = _waiting(street)
    street.apply(Supply(id="s", home=case.home, report="r1", by=REPORTER, place=ON_S1), T0)
    street.settle()
    return street.cases[case.number]


def _merged(street: Street) -> Case:
    street.report(at=T0, name="first", by="patrol-3")
    return street.report(at=T0)


def _refused(street: Street) -> Case:
    return street.report(at=T0, text="办证")


def _dispatched(street: Street) -> Case:
    return street.report(at=T0)


def _acknowledged(street: Street) -> Case:
    return street.act(_dispatched(street), Act.ACKNOWLEDGE, HANDLER, at=T0)


def _asked(street: Street) -> Case:
    return street.act(_acknowledged(street), Act.REQUEST_PAUSE, HANDLER, at=T0, hours=5, note="等材料")


def _suspended(street: Street) -> Case:
    return street.act(_asked(street), Act.APPROVE, ABOVE, at=T0)


def _resolved(street: Street) -> Case:
    return street.act(_acknowledged(street), Act.RESOLVE, HANDLER, at=T0 + HOUR, photos=(PHOTO,))


def _rework(street: Street) -> Case:
    return street.act(_resolved(street), Act.REJECT, REPORTER, at=T0 + HOUR)


def _closed(street: Street) -> Case:
    return street.act(_resolved(street), Act.VERIFY, REPORTER, at=T0 + HOUR)


def _reopened(street: Street) -> Case:
    return street.act(_closed(street), Act.REOPEN, REPORTER, at=T0 + HOUR, note="又脏了")


_ways = {
    State.NEEDS_INFORMATION: _waiting,
    State.MOVED: _moved,
    State.MERGED: _merged,
    State.REFUSED: _refused,
    State.DISPATCHED: _dispatched,
    State.ACKNOWLEDGED: _acknowledged,
    State.SUSPENDED: _suspended,
    State.RESOLVED: _resolved,
    State.REWORK: _rework,
    State.CLOSED: _closed,
    State.REOPENED: _reopened,
}
