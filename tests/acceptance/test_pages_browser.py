"""The pages in a real browser, on a town that decides for real but without Kafka."""

from pathlib import Path

import pytest

from schemas.case import Case
from tests.acceptance.page_story import play
from tests.small_town import small_town

pytestmark = pytest.mark.browser


async def test_36_minutes_by_three_people(tmp_path: Path) -> None:
    """Reported at 7:21, after-photo at 7:57, verified by the reporter; everybody sees it without reloading."""
    async with small_town(tmp_path) as town:

        async def wait() -> None:
            town.clock.wait(36)

        played = await play(town.url, while_handling=wait)
        case: Case = town.street.cases[played.number]
        assert case.resolved_ms is not None
        assert (case.resolved_ms - case.submitted_ms) == 36 * 60_000
        assert case.verified_by == "reporter"
        assert "07:21" in played.timeline[0]
        assert any("07:57" in line for line in played.timeline)
