"""The command `grid36`: one module per group of commands, loaded when it is called."""

import sys
from importlib import import_module

import click
import structlog

from grid36.logs import set_up
from schemas.errors import Grid36Error, Retry

WRONG_USE = 2
AWAY = 3

COMMANDS = {
    "up": "grid36.cli.system",
    "down": "grid36.cli.system",
    "status": "grid36.cli.system",
    "demo": "grid36.cli.demo",
    "worker": "grid36.cli.processes",
    "gateway": "grid36.cli.processes",
    "ledger": "grid36.cli.processes",
    "broker": "grid36.cli.processes",
    "report": "grid36.cli.people",
    "act": "grid36.cli.people",
    "cover": "grid36.cli.people",
    "case": "grid36.cli.people",
    "consume": "grid36.cli.departments",
    "stats": "grid36.cli.figures",
    "balance": "grid36.cli.figures",
    "replay": "grid36.cli.replay",
    "region": "grid36.cli.region",
    "schema": "grid36.cli.schema",
}
"""Where each command lives; the order is the order of `grid36 --help`."""


class Commands(click.Group):
    """Commands that are imported only when somebody wants them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command), "the table names a click command"
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="grid36")
def grid36() -> None:
    """City-grid management 网格化管理 on Kafka: one report, one responsible person, measured minutes.

    \b
    Try it:            grid36 up            then open the printed links
    Send a report:     grid36 report --text "greasy pavement" --address "12 Hubin South Road"
    See what happened: grid36 case NUMBER   grid36 stats   grid36 balance --deep

    Exit codes: 0 done, 1 the answer is no, 2 wrong use or input, 3 a needed service is away.
    Settings: GRID36_* variables; flags go over them.
    """


def main() -> None:
    """Run the command; an error says what was wrong and what to do, and nothing else."""
    set_up()
    try:
        code = grid36.main(standalone_mode=False)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(WRONG_USE)
    except Grid36Error as error:
        structlog.get_logger().debug("the whole error", exc_info=True)
        click.echo(f"grid36: {error}", err=True)
        sys.exit(AWAY if isinstance(error, Retry) else WRONG_USE)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
