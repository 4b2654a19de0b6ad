"""What the lists page of a gateway works with."""

from datetime import date
from zoneinfo import ZoneInfo

from connectors.intake.context import Gateway
from connectors.lists.drafts import ListDrafts
from connectors.lists.file import ListsFile
from connectors.lists.lists import Lists
from grid36.lists.check_process import ListChecks
from grid36.lists.desk import GatewayListDesk
from grid36.machine.home import Home
from grid36.settings import Settings
from schemas.days import day_of


def gateway_lists(settings: Settings, desk: GatewayListDesk, gateway: Gateway) -> Lists:
    """For one gateway; its file is made when it is used first."""

    def today() -> date:
        return day_of(gateway.clock(), ZoneInfo(gateway.region.zone))

    file = ListsFile(Home(settings.home).lists)
    return Lists(file, desk, ListDrafts(file, desk, gateway.clock, today))


def list_desk(settings: Settings, gateway: Gateway) -> GatewayListDesk:
    """What it asks the system."""
    home = Home(settings.home)
    return GatewayListDesk(gateway, settings.ledger_file, ListChecks(home.list_checks))
