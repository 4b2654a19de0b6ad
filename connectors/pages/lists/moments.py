"""Moments that people choose in a form, in the region's own time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.intake.refusal import bad
from connectors.pages.html.viewer import Viewer


def moment_of(viewer: Viewer, given: str) -> int | None:
    """A moment in the region's zone, in ms UTC; None: at once. Raises `Refused`."""
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise bad("bad_time", "from", given=given[:40]) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(viewer.gateway.region.zone))
    return int(moment.timestamp() * 1000)
