"""Stories that go astray: refused, returned, sent back, without a place, late, covered, paused, or left lying."""

from typing import Final

from schemas.command import Act, ReturnReason
from schemas.datum import Datum
from schemas.place import Coordinates, PlaceGiven
from schemas.report import Photo, ReportKind
from tests.generators.month_done import NOWHERE, new_report, of_the_owner, soon
from tests.generators.month_plan import BEGIN, FALLBACK, MINUTE, RESERVED, Plan, Told
from tests.generators.month_street import DAY, HOUR, KINDS, photo


def refused(plan: Plan) -> None:
    """The list refuses it to this level, and the owner is outside the region."""
    category = plan.random.choice(("felling-permit", "medical", "wages"))
    told = new_report(plan, "refused", category)
    expected = told.expected
    expected.state = expected.share = "refused"
    expected.assignee = expected.department = None


def redirected(plan: Plan) -> None:
    """The list refuses it to this level, but a department of the region owns it."""
    told = new_report(plan, "redirected", plan.random.choice(("food-safety", "unsafe-building")))
    done = soon(plan, told)
    plan.resolve(told, done)
    plan.verify(told, done + HOUR)


def returned(plan: Plan) -> None:
    """ "Not mine", says the owner; the head of the grid does it."""
    told = of_the_owner(plan, "returned")
    _gives_back(plan, told, told.dispatched_ms + 3 * MINUTE)
    plan.resolve(told, soon(plan, told) + 10 * MINUTE)


def returned_to_the_end(plan: Plan) -> None:
    """Returned twice: the fallback owner has it, and returns nothing."""
    told = of_the_owner(plan, "returned twice")
    for n in (1, 2):
        _gives_back(plan, told, told.dispatched_ms + 4 * n * MINUTE)
    plan.refused(told, Act.RETURN, FALLBACK, told.dispatched_ms + 9 * MINUTE, reason=ReturnReason.UNSAFE, note="不")
    plan.resolve(told, soon(plan, told) + 10 * MINUTE)


def _gives_back(plan: Plan, told: Told, at: int) -> None:
    expected, spot = told.expected, told.spot
    assert spot is not None
    assert expected.assignee is not None
    plan.act(told, Act.RETURN, expected.assignee, at, reason=ReturnReason.WRONG_TRADE, note="不归我管 not mine")
    expected.returns, expected.hops = expected.returns + 1, expected.hops + 1
    expected.assignee = spot.head if expected.returns == 1 else FALLBACK
    expected.gap = expected.returns == 2


def cited(plan: Plan) -> None:
    """A desk must cite a list item that is not its own to return; the street has no desk, so the owner is next."""
    told = new_report(plan, "cited", "pothole")
    assert told.spot is not None
    desk = told.expected.assignee
    assert desk is not None
    plan.refused(told, Act.RETURN, desk, told.dispatched_ms + MINUTE, reason=ReturnReason.WRONG_TRADE, note="不归我管")
    plan.act(told, Act.RETURN, desk, told.dispatched_ms + 5 * MINUTE, cite="W04", note="属街道职责 for the street")
    told.expected.assignee, told.expected.hops, told.expected.returns = told.spot.owner, 1, 1
    plan.resolve(told, soon(plan, told))


def rework(plan: Plan) -> None:
    """Not fixed, says the reporter, once or twice; time to resolution runs to the last time it was resolved."""
    told = new_report(plan, "rework", plan.random.choice(("pothole", "street-light", "railing", "tree")))
    done = told.dispatched_ms + 2 * HOUR
    plan.resolve(told, done)
    for _ in range(plan.random.choice((1, 1, 2))):
        plan.goes_back(told, Act.REJECT, done + HOUR, resolved_at=done)
        told.expected.reworks += 1
        done += 4 * HOUR
        plan.resolve(told, done)
    plan.verify(told, done + HOUR)


def reopened(plan: Plan) -> None:
    """Disputed two days after closing."""
    told = new_report(plan, "reopened", plan.random.choice(("pothole", "street-light", "railing", "tree")))
    done = told.dispatched_ms + 2 * HOUR
    plan.resolve(told, done)
    plan.verify(told, done + HOUR)
    plan.refused(told, Act.REJECT, told.reporter, done + 2 * HOUR)
    back = done + 2 * DAY
    plan.goes_back(told, Act.REOPEN, back, resolved_at=done)
    told.expected.reopenings = 1
    plan.resolve(told, back + 5 * HOUR)
    plan.verify(told, back + 6 * HOUR)


def placed_later(plan: Plan) -> None:
    """No usable place; the reporter supplies one, sometimes at the second try, and the report moves there."""
    category = plan.random.choice(("pothole", "manhole", "street-light", "tree"))
    told = plan.report("placed later", category, plan.moment(), place=NOWHERE)
    at = told.expected.submitted_ms + plan.random.randrange(HOUR, 20 * HOUR)
    if plan.random.random() < 0.4:
        plan.supply(told, at, place=PlaceGiven(address="也在很远的地方"))
        at += HOUR
    spot = plan.spot(category)
    plan.supply(told, at, place=spot.given("address"), spot=spot)
    plan.resolve(told, at + HOUR)
    plan.verify(told, at + 2 * HOUR)


def chosen(plan: Plan) -> None:
    """A misspelled road is asked back with candidates; the code of the chosen one answers."""
    spot = plan.spot("street-light")
    told = plan.report("chosen", "street-light", plan.moment(), place=PlaceGiven(address="湖滨南"))
    at = told.expected.submitted_ms + 3 * HOUR
    plan.supply(told, at, place=spot.given("code"), spot=spot)
    plan.resolve(told, at + HOUR)


def never_placed(plan: Plan) -> None:
    """Two reminders, no answer: refused."""
    outside = PlaceGiven(coordinates=Coordinates(lon=118.3, lat=24.6, datum=Datum.WGS84))
    empty = PlaceGiven()
    plan.report("never placed", "pothole", plan.moment(), place=plan.random.choice((NOWHERE, outside, empty)))


def wordless(plan: Plan) -> None:
    """A place but not a word and no picture; some say more and are routed, the others are refused in the end."""
    told = _silent(plan)
    if plan.random.random() < 0.5:
        at = told.expected.submitted_ms + 5 * HOUR
        told.kind = KINDS["pothole"]  # the words that come later decide the category
        plan.supply(told, at, place=PlaceGiven(), text=told.kind.words)
        told.expected.reminders, told.expected.category = 0, "pothole"
        plan.routed(told, at)
        plan.resolve(told, at + HOUR)


def _silent(plan: Plan) -> Told:
    told = plan.report("wordless", "other", plan.moment(), spot=plan.spot("pothole"), text="", photos=())
    expected = told.expected
    plan.waits(told, told.dispatched_ms)
    expected.assignee = expected.department = None
    return told


def late_report(plan: Plan) -> None:
    """The door was cut off for hours: submitted is when the door took it, the clocks start when it arrives."""
    at = plan.moment()
    category = plan.random.choice(("pothole", "street-light", "railing"))
    told = plan.report("late report", category, at, received=at - 3 * HOUR, spot=plan.spot(category))
    plan.resolve(told, at + HOUR)
    plan.verify(told, at + 2 * HOUR)


def late_act(plan: Plan) -> None:
    """Fixed after 36 minutes, but the log hears of it six hours later: 36 minutes, and in time."""
    told = new_report(plan, "late act", "greasy-pavement")
    done = told.dispatched_ms + 36 * MINUTE
    plan.resolve(told, told.dispatched_ms + 6 * HOUR, occurred=done)
    plan.verify(told, told.dispatched_ms + 7 * HOUR)


def out_of_order(plan: Plan) -> None:
    """Older than what its partition has seen: its time becomes the partition's, its report keeps its own."""
    spot, at = plan.spot("railing"), plan.moment()
    other = plan.spot("manhole", home=spot.home)
    first = plan.report("out of order", "manhole", at + MINUTE, spot=other)
    told = plan.report("out of order", "railing", at, spot=spot, sent_after=2 * MINUTE, effective=at + MINUTE)
    plan.resolve(first, at + HOUR)
    plan.resolve(told, at + 2 * HOUR)


def covered(plan: Plan) -> None:
    """The owner is away: who covers gets the job, and it stays the owner's matter."""
    _absent(plan, "covered", "supervisor-14")


def uncovered(plan: Plan) -> None:
    """The owner is away and nobody covers: the fallback owner, marked as a gap."""
    _absent(plan, "uncovered", "supervisor-15")


def _absent(plan: Plan, story: str, owner: str) -> None:
    category = plan.random.choice(("greasy-pavement", "dirty-road", "rubbish", "graffiti"))
    spot = plan.spot(category, owner)
    stand_in = STAND_INS[owner]
    told = plan.report(story, category, plan.moment(10, 13), spot=spot)
    plan.routed(told, told.dispatched_ms, assignee=stand_in or FALLBACK)
    told.expected.accountable, told.expected.gap = owner, stand_in is None
    plan.resolve(told, soon(plan, told))


STAND_INS: Final = {"supervisor-14": "supervisor-13", "supervisor-15": None}


def holidays(plan: Plan) -> None:
    """Days 10 to 13 away, registered on day 9; back again for a report on day 20."""
    for n, owner in enumerate(sorted(RESERVED)):
        plan.cover(owner, STAND_INS[owner], BEGIN + 10 * DAY, BEGIN + 14 * DAY, BEGIN + 9 * DAY + n * MINUTE)
        spot = plan.spot("sign", owner)
        told = plan.report("back again", "sign", plan.moment(20, 20), spot=spot)
        plan.resolve(told, soon(plan, told))


def self_handled(plan: Plan) -> None:
    """Fixed on the spot; one in four is disputed by an inspector and routed after all."""
    category = plan.random.choice(("rubbish", "shared-bicycle", "graffiti"))
    spot, at = plan.spot(category), plan.moment()
    told = plan.report(
        "self-handled", category, at, spot=spot, fixed=True, after_photos=(Photo(digest=photo(f"after-{at}")),)
    )
    expected = told.expected
    if plan.random.random() < 0.25:
        back = at + DAY
        plan.act(told, Act.REOPEN, "inspector-2", back, note="还在 still there")
        plan.routed(told, back)
        expected.reopenings = 1
        plan.resolve(told, back + HOUR)
        return
    expected.state, expected.outcome, expected.self_handled, expected.resolution_ms = "closed", "fixed", True, 0
    expected.assignee = expected.department = None


def question(plan: Plan) -> None:
    """A question closes by an answer, not by an after-photo."""
    told = plan.report("question", "service", plan.moment(), spot=plan.spot("service"), kind=ReportKind.QUESTION)
    at = told.dispatched_ms + 2 * HOUR
    plan.act(told, Act.ANSWER, FALLBACK, at, note="请到便民中心二号窗口")
    expected = told.expected
    expected.state, expected.outcome, expected.on_time = "closed", "fixed", True
    expected.resolution_ms, expected.verified_by = at - expected.submitted_ms, "policy"
    plan.verify(told, at + HOUR)


def paused(plan: Plan) -> None:
    """A pause that a superior approves stops the clock; a day later it goes on with what was left."""
    told = new_report(plan, "paused", "greasy-pavement")
    start, owner = told.dispatched_ms, told.expected.assignee
    assert owner is not None
    plan.act(told, Act.REQUEST_PAUSE, owner, start + 10 * MINUTE, hours=24, note="等待配件 waiting for a part")
    plan.refused(told, Act.APPROVE, owner, start + 15 * MINUTE)
    plan.act(told, Act.APPROVE, "street-chief", start + HOUR)
    told.due_ms = start + 4 * HOUR + DAY
    plan.resolve(told, start + HOUR + DAY + plan.random.randrange(MINUTE, 5 * HOUR))


def extended(plan: Plan) -> None:
    """More time, asked for and approved; done after the first limit and before the second."""
    told = new_report(plan, "extended", "vending")
    start, owner = told.dispatched_ms, told.expected.assignee
    assert owner is not None
    plan.act(told, Act.REQUEST_EXTENSION, owner, start + 10 * MINUTE, hours=5, note="人手不足 short of people")
    plan.act(told, Act.APPROVE, "street-chief", start + 20 * MINUTE)
    told.due_ms = start + 9 * HOUR
    plan.resolve(told, start + 6 * HOUR)


def unheard(plan: Plan) -> None:
    """A request that nobody decides lapses, and stops nothing: late."""
    told = new_report(plan, "unheard", "fire-lane")
    assert told.expected.assignee is not None
    plan.act(told, Act.REQUEST_PAUSE, told.expected.assignee, told.dispatched_ms + HOUR, hours=48, note="等等")
    plan.resolve(told, told.dispatched_ms + 30 * HOUR)


def overdue(plan: Plan) -> None:
    """Done, but late; or at the last moment, where that is an afternoon days later than the hours would say."""
    told = new_report(plan, "overdue")
    assert told.due_ms is not None
    late = not told.kind.working_days or plan.random.random() < 0.5
    done = told.due_ms + plan.random.randrange(MINUTE, DAY) * (1 if late else -1)
    done = max(done, told.dispatched_ms + told.kind.resolve // 2)
    plan.resolve(told, done)
    plan.verify(told, done + HOUR)


def left_lying(plan: Plan) -> None:
    """Nobody does anything: still open when the month is over, up the whole ladder."""
    told = new_report(plan, "left lying")
    if plan.random.random() < 0.5:
        assert told.expected.assignee is not None
        plan.act(told, Act.ACKNOWLEDGE, told.expected.assignee, told.dispatched_ms + MINUTE)
        told.expected.state = "acknowledged"


def repeated(plan: Plan) -> None:
    """The same report sent twice, and somebody meddles: one case, and nothing for the meddler."""
    told = new_report(plan, "repeated")
    plan.again(told, told.dispatched_ms + MINUTE)
    plan.refused(told, Act.RESOLVE, "resident-04", told.dispatched_ms + 2 * MINUTE)
    plan.resolve(told, soon(plan, told))
