"""up, down, status: the whole system on one machine."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import click

from grid36.cli.options import as_json, asynchronous, region_option, say, settings_of
from grid36.home import Home, is_alive
from grid36.settings import Settings
from grid36.status import status as read_status
from grid36.up import OneMachine, detach, wait_until_ready

DOWN_LIMIT_S = 45


@click.command()
@region_option
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes (default 1).")
@click.option("--detach", "detached", is_flag=True, help="Come back when it is up; it goes on in the background.")
@asynchronous
async def up(region: Path | None, workers: int | None, detached: bool) -> None:
    """Start Kafka, workers, ledger, gateway and pages on this machine, and keep them running.

    Data and logs are kept under GRID36_HOME (default ./.grid36). Free ports are taken and kept, so several systems
    run side by side, each with its own GRID36_HOME. Ctrl-C or `grid36 down` stops it.
    """
    settings = settings_of(region=region, workers=workers)
    if detached:
        await asyncio.to_thread(detach, settings, _tell)
        _links(read_status(settings))
        return
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    machine = asyncio.ensure_future(OneMachine(settings, _tell).run(stop))
    ready = asyncio.ensure_future(asyncio.to_thread(wait_until_ready, settings, lambda _: None, 600))
    done, _ = await asyncio.wait({machine, ready}, return_when=asyncio.FIRST_COMPLETED)
    if ready in done and ready.exception() is None:
        _links(read_status(settings))
    await machine
    os._exit(0)  # the waiting thread may still look for a system that ended before it was ready


def _tell(what: str) -> None:
    click.echo(f"  … {what}", err=True)


def _links(answer: dict[str, Any]) -> None:
    click.echo("Grid36 is up / 系统已启动：")
    for role, address in answer["urls"].items():
        click.echo(f"  {role:<12} {address}")
    click.echo(f"  {'kafka':<12} {answer['kafka']}")
    click.echo("Next: grid36 report     grid36 status     grid36 down")


@click.command()
def down() -> None:
    """Stop the system that `grid36 up` started under this GRID36_HOME; nothing is lost."""
    settings = settings_of()
    home = Home(settings.home)
    pid = home.supervisor()
    if pid is None:
        stopped = _end_orphans(settings)
        click.echo(
            "Nothing was up." if not stopped else f"Stopped {', '.join(stopped)}, which had lost their supervisor."
        )
        return
    os.kill(pid, signal.SIGTERM)
    end = monotonic() + DOWN_LIMIT_S
    while home.supervisor() is not None and monotonic() < end:
        sleep(0.1)
    _end_orphans(settings)
    click.echo("Stopped.")


def _end_orphans(settings: Settings) -> list[str]:
    """Processes that a killed `up` left behind; each is ended by its own id, workers before Kafka."""
    state = Home(settings.home).read() or {}
    rows = sorted(state.get("processes", []), key=lambda row: row["name"] == "broker")
    ended = []
    for row in rows:
        if not (is_alive(row["pid"]) and _is_grid36(row["pid"])):
            continue
        for number, limit in ((signal.SIGCONT, 0.0), (signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0)):
            if is_alive(row["pid"]):
                os.kill(row["pid"], number)
                end = monotonic() + limit
                while is_alive(row["pid"]) and monotonic() < end:
                    sleep(0.1)
        ended.append(row["name"])
    return ended


def _is_grid36(pid: int) -> bool:
    """Whether the id still belongs to one of ours, and not to a stranger that got its number."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not sys.platform.startswith("linux")
    return b"grid36" in words or b"kafka.Kafka" in words


@click.command()
@as_json
def status(as_json: bool) -> None:
    """What runs where, what is wrong, and how to go on. Exit code 1 when something is wrong, 3 when nothing is up."""
    answer = read_status(settings_of())
    say(answer, as_json, _show)
    if not answer["processes"] and answer["waiting"]:
        raise click.exceptions.Exit(3)
    raise click.exceptions.Exit(1 if answer["problems"] else 0)


def _show(answer: dict[str, Any]) -> None:
    for row in answer["processes"]:
        more = "  ".join(f"{key} {row[key]}" for key in ("partitions", "restarts", "doing") if row.get(key))
        click.echo(f"{row['name']:<12} {row['state']:<10} pid {row['pid'] or '-':<8} {more}")
    for name, address in answer["urls"].items():
        click.echo(f"{name:<12} {address}")
    if answer["kafka"]:
        click.echo(f"{'kafka':<12} {answer['kafka']}")
    for problem in answer["problems"]:
        click.secho(f"! {problem}", fg="red")
    if not answer["problems"]:
        click.secho("All is well / 一切正常", fg="green")
