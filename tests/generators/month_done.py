"""Stories in which the work gets done, or there was none: verified, merged, split, taken back, or come again."""

from typing import Final

from schemas.command import Act, Outcome
from schemas.place import PlaceGiven
from tests.generators.month_plan import MINUTE, Plan, Told
from tests.generators.month_street import HOUR

_OWNERS: Final = ("greasy-pavement", "dirty-road", "rubbish", "graffiti", "shared-bicycle", "sign")
_OF_ALL: Final = (
    "greasy-pavement", "dirty-road", "rubbish", "vending", "graffiti", "shared-bicycle", "sign", "pothole", "manhole",
    "railing", "street-light", "tree", "fire-lane",
)  # fmt: skip
NOWHERE: Final = PlaceGiven(address="很远很远的地方")


def new_report(plan: Plan, story: str, category: str | None = None) -> Told:
    category = category or plan.random.choice(_OF_ALL)
    return plan.report(story, category, plan.moment(), spot=plan.spot(category))


def of_the_owner(plan: Plan, story: str) -> Told:
    return new_report(plan, story, plan.random.choice(_OWNERS))


def soon(plan: Plan, told: Told) -> int:
    """Some time well before the job is due."""
    return told.dispatched_ms + plan.random.randrange(10 * MINUTE, int(told.kind.resolve * 0.6))


def plain(plan: Plan) -> None:
    """Signed or not, worked on, verified by its reporter."""
    told = new_report(plan, "plain")
    assignee, start = told.expected.assignee, told.dispatched_ms
    assert assignee is not None
    if plan.random.random() < 0.7:
        plan.act(told, Act.ACKNOWLEDGE, assignee, start + plan.random.randrange(MINUTE, 6 * MINUTE))
    if plan.random.random() < 0.3:
        plan.act(told, Act.CONTACT, assignee, start + 7 * MINUTE)
    done = soon(plan, told)
    plan.resolve(told, done, again=plan.random.random() < 0.1)
    plan.verify(told, done + plan.random.randrange(MINUTE, 20 * HOUR))


def executor(plan: Plan) -> None:
    """The owner names a cleaner, who does it: no hop."""
    told = of_the_owner(plan, "executor")
    assert told.spot is not None
    assert told.expected.assignee is not None
    plan.act(told, Act.HAND_ON, told.expected.assignee, told.dispatched_ms + 2 * MINUTE, to=told.spot.crew)
    done = soon(plan, told)
    plan.resolve(told, done, told.spot.crew)
    plan.verify(told, done + HOUR)


def policy(plan: Plan) -> None:
    """Nobody verifies: the policy does after its time."""
    told = new_report(plan, "policy")
    plan.resolve(told, soon(plan, told))


def inspector(plan: Plan) -> None:
    """An inspector verifies."""
    told = new_report(plan, "inspector")
    done = soon(plan, told)
    plan.resolve(told, done)
    plan.verify(told, done + 2 * HOUR, "inspector-1")


def nothing_found(plan: Plan) -> None:
    """Noise: somebody goes and finds nothing."""
    told = new_report(plan, "nothing found")
    done = soon(plan, told)
    plan.resolve(told, done, outcome=Outcome.NOTHING_FOUND)
    plan.verify(told, done + HOUR)


def withdrawn(plan: Plan) -> None:
    """Noise: the reporter takes it back."""
    told = new_report(plan, "withdrawn")
    plan.act(told, Act.WITHDRAW, told.reporter, told.dispatched_ms + 9 * MINUTE)
    told.expected.state, told.expected.outcome = "closed", "withdrawn"


def withdrawn_early(plan: Plan) -> None:
    """Taken back while it still waits for a place: nobody ever had it."""
    told = plan.report("withdrawn early", "pothole", plan.moment(), place=NOWHERE)
    plan.act(told, Act.WITHDRAW, told.reporter, told.expected.submitted_ms + HOUR)
    told.expected.state, told.expected.outcome, told.expected.reminders = "closed", "withdrawn", 0


def on_the_segment(plan: Plan) -> None:
    """A dirty road is one place: reported twice more on the same segment, and all are told when it is done."""
    master = new_report(plan, "master", plan.random.choice(("greasy-pavement", "dirty-road")))
    assert master.spot is not None
    told = master
    for n, share in enumerate((0.3, 0.7)):
        spot = plan.street.spot(master.spot.segment, share)
        told = plan.duplicate(master, master.dispatched_ms + (11 + 9 * n) * MINUTE, spot=spot)
    done = master.dispatched_ms + 2 * HOUR
    plan.resolve(master, done)
    plan.verify(master, done + HOUR, told.reporter)


def within_the_radius(plan: Plan) -> None:
    """Ten metres away is the same; somebody who says "not the same" gets a case of their own."""
    category = plan.random.choice(("rubbish", "pothole", "street-light", "graffiti"))
    spot = plan.spot(category)
    master = plan.report("master", category, plan.moment(), spot=spot, place=spot.given("gcj02"))
    near = plan.street.spot(spot.segment, 0.41)
    told = plan.duplicate(master, master.dispatched_ms + 20 * MINUTE, spot=near)
    done = master.dispatched_ms + 3 * HOUR
    if plan.random.random() < 0.3:
        told.expected.story = "split"
        plan.splits(told, master.dispatched_ms + 40 * MINUTE)
        plan.resolve(told, done + 5 * MINUTE)
        plan.verify(told, done + 2 * HOUR)
    plan.resolve(master, done)
    plan.verify(master, done + HOUR)


def two_potholes(plan: Plan) -> None:
    """Two potholes over 100 m apart on one segment are two cases."""
    start = plan.moment()
    for n, where in enumerate(plan.spots("pothole", 0.25, 0.75)):
        told = plan.report("two potholes", "pothole", start + n * 13 * MINUTE, spot=where, place=where.given("wgs84"))
        plan.resolve(told, start + (5 + n) * HOUR)
        plan.verify(told, start + (8 + n) * HOUR)


def across_the_border(plan: Plan) -> None:
    """18 m apart but in two grids: both sides of a wide road have their own people."""
    category, start = plan.random.choice(("sign", "tree", "manhole")), plan.moment()
    for n, spot in enumerate(plan.both_sides(category)):
        told = plan.report("border", category, start + n * 5 * MINUTE, spot=spot, place=spot.given("bd09"))
        plan.resolve(told, soon(plan, told))


def recurrence(plan: Plan) -> None:
    """The same place again after the first was closed is a new case."""
    first = new_report(plan, "recurrence", "rubbish")
    done = first.dispatched_ms + HOUR
    plan.resolve(first, done)
    plan.verify(first, done + HOUR)
    told = plan.report("recurrence", "rubbish", done + 2 * HOUR, spot=first.spot)
    plan.resolve(told, soon(plan, told))
