"""The command `grid36`: one module per group of commands, loaded when it is called."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click

from grid36.cli.terminal.exit_codes import failed
from grid36.cli.terminal.help_texts import Option, option
from grid36.cli.terminal.language import asked_for
from grid36.cli.terminal.lazy import LazyGroup
from grid36.logs import set_up_plain
from schemas.names import Language

COMMANDS = {
    "up": ("system", "command.up.short"),
    "down": ("system", "command.down.short"),
    "status": ("system", "command.status.short"),
    "demo": ("demo", "command.demo.short"),
    "report": ("report", "command.report.short"),
    "act": ("people", "command.act.short"),
    "cover": ("people", "command.cover.short"),
    "case": ("people", "command.case.short"),
    "redact": ("redact", "command.redact.short"),
    "consume": ("department.consume", "command.consume.short"),
    "department": ("department.group", "command.department.short"),
    "subscription": ("subscription.group", "command.subscription.short"),
    "stats": ("figures", "command.stats.short"),
    "hot-spots": ("recurrence.hot_spots", "command.hot_spots.short"),
    "remedy": ("recurrence.group", "command.remedy.short"),
    "balance": ("figures", "command.balance.short"),
    "proof": ("proof.group", "command.proof.short"),
    "doctor": ("inspect.doctor", "command.doctor.short"),
    "parked": ("parked.group", "command.parked.short"),
    "lost": ("inspect.lost", "command.lost.short"),
    "reads": ("inspect.reads", "command.reads.short"),
    "replay": ("replay", "command.replay.short"),
    "door": ("doors", "command.door.short"),
    "person": ("person.group", "command.person.short"),
    "import": ("platform.import_rows", "command.import.short"),
    "platform": ("platform.group", "command.platform.short"),
    "photo": ("photo", "command.photo.short"),
    "region": ("region", "command.region.short"),
    "rules": ("rules.group", "command.rules.short"),
    "schema": ("schema", "command.schema.short"),
    "worker": ("processes", "command.worker.short"),
    "gateway": ("processes", "command.gateway.short"),
    "ledger": ("processes", "command.ledger.short"),
    "broker": ("processes", "command.broker.short"),
}
"""The module of each command, and its purpose; in the order of `grid36 --help`."""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    help="command.help",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="grid36", message="%(prog)s %(version)s", cls=Option, help="command.version")
@option(
    "--lang",
    type=click.Choice([language.value for language in Language]),
    is_eager=True,
    expose_value=False,
    callback=lambda _context, _param, value: asked_for(value),
    help="command.lang",
)
def grid36() -> None:
    """City-grid management on Kafka."""


def main() -> None:
    """The command as a program."""
    set_up_plain()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # answers contain Chinese, whatever encoding the terminal claims
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code. An error says what was wrong and what to do, and nothing else."""
    asked_for(None)
    try:
        code = grid36.main(arguments, standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001  # this is where every error ends
        return failed(error)
    finally:
        asked_for(None)
    return code if isinstance(code, int) else 0
