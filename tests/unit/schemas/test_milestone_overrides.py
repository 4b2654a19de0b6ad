"""What a row of limits says of milestones."""

import pytest

from schemas.items import Milestone
from schemas.milestone_overrides import StepChange, changed, parts, step_change
from schemas.names import Name

FENCE = Milestone(id="fence", name=Name(zh="围挡"), limit="3uh")
CUT_OFF = Milestone(id="cut-off", name=Name(zh="关阀"), limit="1uh")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fence=2uh", "fence=2uh"),
        (" cut-off = 3 紧急工作时 ", "cut-off=3uh"),
        ("fence=当日", "fence=sd"),
        ("fence=none", "fence=none"),
        ("fence= None", "fence=none"),
        ("fence=无", "fence=none"),
        ("fence=不适用", "fence=none"),
    ],
)
def test_how_it_is_written(text: str, told: str) -> None:
    step = step_change(text)
    assert str(step) == told
    assert step_change(told) == step


@pytest.mark.parametrize("text", ["fence", "fence=", "=2uh", "fence=soon", "围挡=2uh", "fence=2uh; x=1h", "", 7, None])
def test_what_says_nothing(text: object) -> None:
    assert step_change(text) is None


def test_parts_keep_what_cannot_be_read() -> None:
    assert list(parts(["fence=2uh", "soon"])) == [("fence=2uh", StepChange("fence", "2uh")), ("soon", None)]
    assert list(parts("fence=2uh")) == [("fence=2uh", StepChange("fence", "2uh"))]
    assert list(parts(None)) == []


def test_steps_keep_their_order_and_their_names() -> None:
    sooner = FENCE.model_copy(update={"limit": "2uh"})
    assert changed((CUT_OFF, FENCE), ["fence=2uh", "ghost=1h"]) == (CUT_OFF, sooner)
    assert changed((CUT_OFF, FENCE), ["cut-off=none"]) == (FENCE,)
    assert changed((CUT_OFF, FENCE), ["soon"]) == (CUT_OFF, FENCE)
