"""The command `grid36`: one module per group of commands, loaded when it is called."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

import click

from grid36.cli.failing import failed
from grid36.cli.language import lang_option
from grid36.cli.lazy import LazyGroup
from grid36.logs import set_up_plain
from schemas.errors import Grid36Error

COMMANDS = {
    "up": ("system", "Start a whole system on this machine."),
    "down": ("system", "Stop it; nothing is lost."),
    "status": ("system", "What runs where, what is wrong, and how to go on."),
    "demo": ("demo", "A living example street with pages, from one report to its proof."),
    "report": ("people", "Send a report."),
    "act": ("people", "Do something to a case: acknowledge, resolve, verify, ..."),
    "cover": ("people", "Say that somebody is away, and who covers."),
    "case": ("people", "The timeline of a case, its decision and clocks."),
    "consume": ("departments", "A department's orders, live."),
    "stats": ("figures", "How many, how fast, how much on time."),
    "balance": ("figures", "Every accepted report accounted for, by number."),
    "parked": ("parked", "What could not be processed, and why."),
    "lost": ("lost", "What was deleted before it was applied, and going on without it."),
    "replay": ("replay", "Past cases from a file, as history or as live reports."),
    "region": ("region", "Make and check regions."),
    "rules": ("rules", "Make, check, explain and compare rulebooks."),
    "schema": ("schema", "The JSON Schema of each topic."),
    "worker": ("processes", "One worker process, for compose and clusters."),
    "gateway": ("processes", "The gateway process: doors, HTTP API, pages."),
    "ledger": ("processes", "The read model: run, rebuild, verify."),
    "broker": ("processes", "The embedded Kafka process."),
}
"""In which module each command lives, and what it is for; the order is the order of `grid36 --help`."""


class _Commands(LazyGroup):
    def invoke(self, ctx: click.Context) -> Any:
        """Say what went wrong while it is known in which language."""
        try:
            return super().invoke(ctx)
        except (Grid36Error, UnicodeError, OSError) as error:
            raise click.exceptions.Exit(failed(error)) from error


@click.group(
    cls=_Commands,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="grid36")
@lang_option
def grid36(lang: str | None) -> None:  # `spoken` reads it from the context
    """City-grid management 网格化管理 on Kafka: one report, one responsible person, measured minutes.

    \b
    Try it:            grid36 up            then open the printed links
    Send a report:     grid36 report --text "greasy pavement" --address "12 Hubin South Road"
    See what happened: grid36 case NUMBER   grid36 stats   grid36 balance --deep

    Exit codes: 0 done, 1 the answer is no, 2 wrong use or input, 3 a needed service is away.
    Settings: GRID36_* variables; flags go over them.
    """


def main() -> None:
    """The command as a program."""
    set_up_plain()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # answers hold Chinese, whatever the terminal says it can show
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code. An error says what was wrong and what to do, and nothing else."""
    try:
        code = grid36.main(arguments, standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001  # this is where every error ends
        return failed(error)
    return code if isinstance(code, int) else 0
