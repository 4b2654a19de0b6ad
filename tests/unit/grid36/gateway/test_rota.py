"""Who is off, and who is there instead, as a gateway knows it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.ledger.queries.absences import Absence
from grid36.gateway.rota import GatewayRota
from schemas.quiet import MessageRule
from tests.unit.rules.time.test_on_duty import town, watch
from tests.worlds.doors import doors, rulebook

HOUR = 3_600_000
NIGHT = round(datetime(2026, 11, 30, 23, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
NOON = NIGHT - 11 * HOUR


async def test_in_quiet_hours_those_on_duty_are_there_instead(tmp_path: Path) -> None:
    """The region and the rulebook in force count, and whoever is away is left out."""
    async with doors(tmp_path) as made:
        gateway = made.gateway
        gateway.region = town()
        rota = GatewayRota(gateway)
        assert rota.instead_of("day", "G01", NIGHT) == (("night",),)
        assert rota.instead_of("day", "G01", NOON) == ()
        assert rota.instead_of("night", "G01", NIGHT) == (), "on duty"
        gateway.rulebook = rulebook().model_copy(update={"duties": (watch("late", "guard", "22:00-24:00"),)})
        assert rota.instead_of("day", "G01", NIGHT) == (("guard",), ("night",), ("guard",))
        gateway.absences._spans["guard"] = (Absence("guard", None, NIGHT, NIGHT + HOUR),)
        assert not rota.is_on_duty("guard", NIGHT)
        assert rota.instead_of("day", "G01", NIGHT) == (("night",),)
        gateway.region = town().model_copy(update={"messages": (MessageRule(quiet=None),)})
        assert rota.instead_of("day", "G01", NIGHT) == ()
        gateway.absences._spans["day"] = (Absence("day", None, NOON, NIGHT + HOUR),)
        assert rota.instead_of("day", "G01", NIGHT) == (("night",),), "away at any hour"
