"""The order that a department gets, put together from parts."""

from dataclasses import replace

from rules.decision.draft import Draft
from schemas.case import Case, Deadline, State, UrgentBy
from schemas.codec import decode, encode
from schemas.event import Because, EventType
from schemas.joint import Assist, ReportInStep
from schemas.names import Name
from schemas.order import Order, Written
from schemas.report import Department
from streams.cases.orders import OrderWriter
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


def draft(kind: EventType, code: str) -> Draft:
    """One event of the case."""
    return Draft(kind, "a-b", "b", 1, "r", "p", CASE.number, because=Because(code=code, zh="由", en="why"))


def test_it_says_everything_that_the_case_and_the_rulebook_say() -> None:
    """Also what equals zero and is no default: a deadline in the first millisecond of 1970 is one."""
    drafts = [draft(EventType.OPENED, "first"), draft(EventType.DISPATCHED, "last")]
    case = CASE.after({"subcategory": "part", "urgent_by": (UrgentBy.WORDS,)})
    (told,) = OrderWriter().records(None, case, BOOK, drafts, encode(CaseWords(written=WORDS)))
    assert (told.department, told.case) == ("roads", CASE.number)
    assert decode(Order, told.value) == Order(
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
    orders = OrderWriter()
    for word in ("theirs", "also theirs"):
        foreign = CASE.model_copy(update={"category": word, "item": None})
        (told,) = orders.records(None, foreign, BOOK, [draft(EventType.OPENED, "x")], None)
        assert decode(Order, told.value).category_name is None
    assert orders._guides == {}


WATER, HOUSING = Department(code="water", name="Water"), Department(code="housing", name="Housing")


def called(*departments: Department) -> Case:
    """The case with departments called beside the owner's."""
    parts = (Assist(department=each, cause="whistle", called_ms=1, due={ReportInStep.SIGN: 9}) for each in departments)
    return CASE.model_copy(update={"assists": tuple(parts)})


def test_every_department_that_was_called_has_the_whole_order_in_its_own_topic() -> None:
    joint = called(WATER, HOUSING, Department(code="roads", name="Roads"))
    told = OrderWriter().records(CASE, joint, BOOK, [draft(EventType.WHISTLED, "whistled")], None)
    assert [each.department for each in told] == ["roads", "water", "housing"]
    orders = [decode(Order, each.value or b"") for each in told]
    assert [order.assisting for order in orders] == [None, WATER, HOUSING]
    assert {order.department.code for order in orders} == {"roads"}
    assert all(order.assists == joint.assists for order in orders)


def test_the_orders_of_all_departments_end_together() -> None:
    told = OrderWriter().records(called(WATER), None, BOOK, [draft(EventType.ARCHIVED, "over")], None)
    assert told == [("roads", CASE.number, None, CASE.seq), ("water", CASE.number, None, CASE.seq)]


def test_the_post_that_handles_it_comes_with_the_job() -> None:
    for post in ("", "保洁岗"):
        rulebook = BOOK.rulebook.model_copy(update={"items": (ITEM.model_copy(update={"post": post}),)})
        (told,) = OrderWriter().records(
            None, CASE, replace(BOOK, rulebook=rulebook), [draft(EventType.OPENED, "x")], None
        )
        assert decode(Order, told.value or b"").post == (post or None)


def test_the_four_clarities_come_with_the_job() -> None:
    clear = ITEM.model_copy(update={part: Name.same(part) for part in ("task", "standard", "guide", "method")})
    rulebook = BOOK.rulebook.model_copy(update={"items": (clear,)})
    (told,) = OrderWriter().records(None, CASE, replace(BOOK, rulebook=rulebook), [draft(EventType.OPENED, "x")], None)
    order = decode(Order, told.value or b"")
    assert [order.task, order.standard, order.guide, order.method] == [
        Name.same(part) for part in ("task", "standard", "guide", "method")
    ]
