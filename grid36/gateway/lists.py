"""What the lists page of a gateway works with."""

from datetime import date
from zoneinfo import ZoneInfo

from connectors.intake.context import Gateway
from connectors.lists.activations import ListActivations
from connectors.lists.approved_changes import ApprovedChanges
from connectors.lists.drafts import ListDrafts
from connectors.lists.file import ListsFile
from connectors.lists.keeper import ListKeeper
from connectors.lists.lists import Lists
from grid36.lists.check_process import ListChecks
from grid36.lists.desk import GatewayListDesk
from grid36.machine.home import Home
from grid36.settings import Settings
from schemas.days import day_of
from schemas.system import Mode


def gateway_lists(settings: Settings, desk: GatewayListDesk, gateway: Gateway) -> Lists:
    """For one gateway; its file is made when it is used first."""

    def day(t_ms: int) -> date:
        return day_of(t_ms, ZoneInfo(gateway.region.zone))

    file, clock = ListsFile(Home(settings.home).lists), gateway.clock
    drafts = ListDrafts(file, desk, clock, lambda: day(clock()))
    activations = ListActivations(file, desk, clock, day)
    changes = ApprovedChanges(file, desk, gateway.ask_ledger, clock)
    keeper = ListKeeper(activations, changes, desk, works=lambda: gateway.system.mode is not Mode.HISTORY)
    return Lists(file, desk, drafts, activations, changes, keeper)


def list_desk(settings: Settings, servers: str, gateway: Gateway) -> GatewayListDesk:
    """What it asks the system."""
    return GatewayListDesk(gateway, settings, servers, ListChecks(Home(settings.home).list_checks))
