"""417 cases in a month on the example street: `make_month(seed)` gives the messages and the fate of every report.

Each story is one way a report can go; the fates follow from the stories, nothing is computed by the product.
"""

from collections.abc import Callable
from typing import Final

from tests.generators.month_astray import (
    chosen,
    cited,
    covered,
    extended,
    holidays,
    late_act,
    late_report,
    left_lying,
    never_placed,
    out_of_order,
    overdue,
    paused,
    placed_later,
    question,
    redirected,
    refused,
    reopened,
    repeated,
    returned,
    returned_to_the_end,
    rework,
    self_handled,
    uncovered,
    unheard,
    wordless,
)
from tests.generators.month_done import (
    across_the_border,
    executor,
    inspector,
    nothing_found,
    on_the_segment,
    plain,
    policy,
    recurrence,
    two_potholes,
    withdrawn,
    withdrawn_early,
    within_the_radius,
)
from tests.generators.month_messages import Month
from tests.generators.month_plan import Plan

REPORTS: Final = 417


def make_month(seed: int = 417, partitions: int = 8) -> Month:
    """The month of a seed; `partitions` is the N of the system that will play it."""
    plan = Plan(seed, partitions)
    for story, times in STORIES.items():
        for _ in range(times):
            story(plan)
    while len(plan.told) < REPORTS:
        plain(plan)
    return plan.month()


STORIES: Final[dict[Callable[[Plan], None], int]] = {
    holidays: 1, covered: 6, uncovered: 4, on_the_segment: 12, within_the_radius: 14, two_potholes: 6,
    across_the_border: 4, executor: 18, policy: 30, inspector: 12, nothing_found: 12, withdrawn: 12,
    withdrawn_early: 3, recurrence: 6, refused: 22, redirected: 12, returned: 12, returned_to_the_end: 7, cited: 6,
    rework: 16, reopened: 8, placed_later: 12, chosen: 5, never_placed: 9, wordless: 6, late_report: 8, late_act: 8,
    out_of_order: 3, self_handled: 12, question: 8, paused: 6, extended: 5, unheard: 3, overdue: 12, left_lying: 8,
    repeated: 8,
}  # fmt: skip
"""Every story and how often it happens; `plain` fills up to 417. Those that need special places come first."""
