"""The order that a department gets, put together from parts."""

from collections.abc import Sequence
from dataclasses import replace

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decision.draft import Draft
from schemas.case import Case, Deadline, State, UrgentBy
from schemas.codec import decode, encode
from schemas.event import Because, EventType
from schemas.joint import Assist, ReportInStep
from schemas.names import Name
from schemas.order import Order, Written
from schemas.report import Department
from streams.cases.orders import OrderWriter, PendingOrder
from streams.cases.state_records import CaseWords
from tests.oracles.plain_run import example_book

BOOK = example_book()
ITEM = next(item for item in BOOK.rulebook.items if item.guide)
CATEGORY = next(category for category in BOOK.rulebook.categories if category.item == ITEM.id)
CASE = Case(
    number="a-b-2611-00001",
    home="a-b",
    report="r",
    state=State.DISPATCHED,
    category=CATEGORY.id,
    item=ITEM.id,
    department=Department(code="roads", name="Roads"),
    assignee="owner",
    dispatched_ms=0,
    due_ms=0,
    deadlines={Deadline.RESOLVE: 5},
    seq=2,
)
WORDS = (Written(id="r", case=CASE.number, by="p", role="report", at_ms=1, text="dirty"),)


def told(
    before: Case | None,
    after: Case | None,
    drafts: Sequence[Draft],
    book: CompiledRulebook = BOOK,
    words: bytes = b"{}",
) -> list[PendingOrder]:
    """The orders that follow."""
    return list(OrderWriter("", 0).orders(before, after, book, drafts, words, t_ms=1))


def draft(kind: EventType, code: str) -> Draft:
    """One event of the case."""
    return Draft(kind, "a-b", "b", 1, "r", "p", CASE.number, because=Because(code=code, zh="由", en="why"))


def test_it_says_everything_that_the_case_and_the_rulebook_say() -> None:
    """Also what equals zero and is no default: a deadline in the first millisecond of 1970 is one."""
    drafts = [draft(EventType.OPENED, "first"), draft(EventType.DISPATCHED, "last")]
    case = CASE.after({"subcategory": "part", "urgent_by": (UrgentBy.WORDS,)})
    (order,) = told(None, case, drafts, words=encode(CaseWords(written=WORDS)))
    assert order.slot == ("department.roads", CASE.number.encode())
    assert decode(Order, order.value) == Order(
        case=CASE.number,
        seq=2,
        changed=(EventType.OPENED, EventType.DISPATCHED),
        state=State.DISPATCHED,
        kind=CASE.kind,
        category=CATEGORY.id,
        category_name=CATEGORY.name,
        subcategory="part",
        urgent_by=(UrgentBy.WORDS,),
        item=ITEM.id,
        guide=ITEM.guide,
        department=Department(code="roads", name="Roads"),
        assignee="owner",
        submitted_ms=0,
        dispatched_ms=0,
        deadlines={Deadline.RESOLVE: 5},
        due_ms=0,
        written=WORDS,
        because=Because(code="last", zh="由", en="why"),
    )


def test_another_systems_word_has_no_name_and_is_not_remembered() -> None:
    """There may be any number of such words, and the orders of one worker live as long as it does."""
    orders = OrderWriter("", 0)
    for word in ("theirs", "also theirs"):
        foreign = CASE.model_copy(update={"category": word, "item": None})
        (order,) = orders.orders(None, foreign, BOOK, [draft(EventType.OPENED, "x")], None, t_ms=1)
        assert decode(Order, order.value).category_name is None
    assert orders._guides == {}


WATER, HOUSING = Department(code="water", name="Water"), Department(code="housing", name="Housing")


def called(*departments: Department) -> Case:
    """The case with departments called beside the owner's."""
    parts = (Assist(department=each, cause="whistle", called_ms=1, due={ReportInStep.SIGN: 9}) for each in departments)
    return CASE.model_copy(update={"assists": tuple(parts)})


def test_every_department_that_was_called_has_the_whole_order_in_its_own_topic() -> None:
    joint = called(WATER, HOUSING, Department(code="roads", name="Roads"))
    pending = told(CASE, joint, [draft(EventType.WHISTLED, "whistled")])
    assert [each.department for each in pending] == ["roads", "water", "housing"]
    orders = [decode(Order, each.value) for each in pending]
    assert [order.assisting for order in orders] == [None, WATER, HOUSING]
    assert {order.department.code for order in orders} == {"roads"}
    assert all(order.assists == joint.assists for order in orders)


def test_the_orders_of_all_departments_end_together() -> None:
    pending = told(called(WATER), None, [draft(EventType.ARCHIVED, "over")])
    assert [(each.department, each.case.seq, each.value) for each in pending] == [
        ("roads", 2, None),
        ("water", 2, None),
    ]


def test_the_post_that_handles_it_comes_with_the_job() -> None:
    for post in ("", "保洁岗"):
        rulebook = BOOK.rulebook.model_copy(update={"items": (ITEM.model_copy(update={"post": post}),)})
        (order,) = told(None, CASE, [draft(EventType.OPENED, "x")], replace(BOOK, rulebook=rulebook))
        assert decode(Order, order.value).post == (post or None)


def test_the_four_clarities_come_with_the_job() -> None:
    clear = ITEM.model_copy(update={part: Name.same(part) for part in ("task", "standard", "guide", "method")})
    rulebook = BOOK.rulebook.model_copy(update={"items": (clear,)})
    (pending,) = told(None, CASE, [draft(EventType.OPENED, "x")], replace(BOOK, rulebook=rulebook))
    order = decode(Order, pending.value)
    assert [order.task, order.standard, order.guide, order.method] == [
        Name.same(part) for part in ("task", "standard", "guide", "method")
    ]


DISPATCHED, ACKNOWLEDGED = draft(EventType.DISPATCHED, "first"), draft(EventType.ACKNOWLEDGED, "last")


def test_of_two_orders_in_one_transaction_the_last_is_written_and_names_what_both_changed() -> None:
    later = CASE.after({"state": State.ACKNOWLEDGED, "seq": 3})
    (first,), (last,) = told(None, CASE, [DISPATCHED]), told(CASE, later, [ACKNOWLEDGED])
    (written,) = last.after(first).outputs()
    order, alone = decode(Order, written.value), decode(Order, last.value)
    assert order.changed == (EventType.DISPATCHED, EventType.ACKNOWLEDGED)
    assert order.model_copy(update={"changed": alone.changed}) == alone
    assert written.headers == last.headers


def test_the_end_of_an_order_is_written_with_the_orders_on_both_sides_of_it() -> None:
    """A department that loses a case and gets it back within a transaction is told all three."""
    elsewhere = CASE.after({"department": WATER, "seq": 3})
    back = CASE.after({"seq": 4})
    (first,), (again,) = told(None, CASE, [DISPATCHED]), told(elsewhere, back, [DISPATCHED])[1:]
    end = next(each for each in told(CASE, elsewhere, [DISPATCHED]) if each.department == "roads")
    again = again.after(end.after(first))
    last = told(back, back.after({"seq": 5}), [ACKNOWLEDGED])[0].after(again)
    assert [output.value and decode(Order, output.value).changed for output in last.outputs()] == [
        (EventType.DISPATCHED,),
        None,
        (EventType.DISPATCHED, EventType.ACKNOWLEDGED),
    ]
