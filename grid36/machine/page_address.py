"""Where people find the pages of the system that runs here."""

from grid36.machine.home import Home
from grid36.settings import Settings


def page_address(settings: Settings) -> str:
    """Where phones reach the pages: the public address, else that of the system that runs here; "" without either."""
    if "http" not in settings.door_names:
        return ""
    return settings.public_url or str(Home(settings.home).said().get("gateway", {}).get("address", ""))
