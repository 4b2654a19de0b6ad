from grid36.replay.agreement import agreement_lines, compare
from schemas.case import Case, State
from schemas.names import Language
from schemas.report import Department

KITE, LAMP = Department(code="kite", name="KITE"), Department(code="lamp", name="LAMP")


def case(department: Department | None, row: str | None = "r1", state: State = State.DISPATCHED) -> Case:
    return Case(number="n", home="h", report="r", state=state, department=department, row=row)


def test_agreement_is_counted_by_department_and_row() -> None:
    waiting = case(None, None, State.NEEDS_INFORMATION)
    rows = compare([(KITE, case(KITE)), (KITE, case(KITE)), (KITE, case(LAMP, "r2")), (LAMP, waiting), (LAMP, None)])
    assert [(r.source, r.ours, r.row, r.agrees, r.cases) for r in rows] == [
        ("kite KITE", "kite KITE", "r1", True, 2),
        ("kite KITE", "lamp LAMP", "r2", False, 1),
        ("lamp LAMP", "", "", False, 1),
        ("lamp LAMP", "needs_information", "", False, 1),
    ]
    lines = agreement_lines(rows, Language.EN)
    assert lines[-1] == "2 of 5 cases went to the same department (40.0%)"
    assert len(lines) == 6


def test_nothing_to_compare_is_no_error() -> None:
    assert agreement_lines([], Language.EN)[-1] == "0 of 0 cases went to the same department"
