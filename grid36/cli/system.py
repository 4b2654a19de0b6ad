"""up, down, status: the whole system on one machine."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import click

from grid36.cli.options import as_json, asynchronous, region_option, say, settings_of
from grid36.cli.terminal.exit_codes import AWAY, DONE, NO
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import label, padded, phrase
from grid36.machine.home import Home
from grid36.machine.ledger_server import ledger_problems
from grid36.machine.process_identity import is_same
from grid36.machine.status import kafka_away, state_words
from grid36.machine.status import status as read_status
from grid36.settings import Settings
from grid36.signals import stop_on_signals
from schemas.names import Language

DOWN_LIMIT_S = 60


@command(help="command.up.help")
@region_option
@option("--workers", type=click.IntRange(1, 64), help="command.up.workers")
@option("--public-url", metavar="URL", help="command.up.public_url")
@option("--detach", "detached", is_flag=True, help="command.up.detach")
@option("--checked", is_flag=True, hidden=True, help="command.up.checked")
@asynchronous
async def up(region: Path | None, workers: int | None, public_url: str | None, detached: bool, checked: bool) -> None:
    """Start Kafka, workers, ledger, gateway and pages on this machine, and keep them running."""
    from grid36.machine.detach import detach
    from grid36.machine.up import OneMachine

    settings = settings_of(region=region, workers=workers, public_url=public_url)
    language = Language(settings.lang)
    if not checked:
        Home(settings.home).make()
        _check_region(settings)
        if settings.public_url.startswith("http:"):
            click.echo(phrase("public_plain", language), err=True)
    if detached:
        _links(await asyncio.to_thread(detach, settings, echo), settings)
        return
    stop = stop_on_signals(signal.SIGHUP)
    await OneMachine(settings, echo).run(stop, lambda: _links(read_status(settings, language), settings))


def _check_region(settings: Settings) -> None:
    """Check the region before anything is started."""
    if settings.region is None and Home(settings.home).created.exists():
        return
    from grid36.system.create import check_region_given  # heavy, and only needed here

    if (warning := check_region_given(settings)) is not None:
        echo(warning.to(Language(settings.lang)))


def echo(what: str) -> None:
    """Print progress to stderr."""
    click.echo(f"  … {what}", err=True)


def _links(answer: dict[str, Any], settings: Settings) -> None:
    from grid36.gateway.sign_in_links import first_link

    language = Language(settings.lang)
    click.echo(phrase("up", language))
    for name, address in answer["urls"].items():
        click.echo(f"  {name:<12} {address}")
    click.echo(f"  {'kafka':<12} {answer['kafka']}")
    if link := first_link(settings):
        click.echo(phrase("first_sign_in", language))
        click.echo(f"  {link}")
    click.echo(phrase("next_up", language))


@command(help="command.down.help")
def down() -> None:
    """Stop the system that `grid36 up` started under this GRID36_HOME; nothing is lost."""
    click.echo(stop_system(settings_of()))


def stop_system(settings: Settings) -> str:
    """Stop everything under this home, including what a killed `up` left behind; returns the message."""
    from grid36.machine.orphans import end_orphans

    home = Home(settings.home)
    pid, birth = home.supervisor(), home.read().get("born")
    if pid is not None:
        for number in (signal.SIGCONT, signal.SIGTERM):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        end = monotonic() + DOWN_LIMIT_S
        while is_same(pid, birth) and monotonic() < end:
            sleep(0.1)
        if is_same(pid, birth):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            sleep(0.2)
    left = end_orphans(home, echo, Language(settings.lang))
    return phrase("stopped" if pid is not None or left else "nothing_up", Language(settings.lang))


@command(help="command.status.help")
@as_json
def status(as_json: bool) -> None:
    """What runs where, what is wrong, and how to go on."""
    settings = settings_of()
    language = Language(settings.lang)
    said_in = Language.EN if as_json else language
    answer = read_status(settings, said_in)
    answer["problems"] += ledger_problems(settings, said_in)
    if _knows_its_topics(settings, answer, said_in):
        from grid36.machine.missing_topics import topic_problems  # a Kafka client, and only needed here

        answer["problems"] += asyncio.run(topic_problems(settings, answer["kafka"], said_in))
    say(answer, as_json, lambda report: _show(report, language))
    nothing = not answer["processes"] and bool(answer["problems"])
    raise click.exceptions.Exit(AWAY if nothing else NO if answer["problems"] else DONE)


def _knows_its_topics(settings: Settings, answer: dict[str, Any], language: Language) -> bool:
    """Whether something runs, Kafka listens, and all topics were created (not so during the first start)."""
    begun = Home(settings.home).created.exists() or not answer["waiting"]
    return bool(answer["processes"] and begun and kafka_away(language) not in answer["problems"])


def _show(answer: dict[str, Any], language: Language) -> None:
    for row in answer["processes"]:
        known = {key: str(row[key]) for key in ("partitions", "restarts", "doing") if row.get(key)}
        if "doing" in known:
            known["doing"] = state_words(known["doing"], language)
        more = "  ".join(f"{label(key, language)} {value}" for key, value in known.items())
        state = padded(state_words(row["state"], language), 10)
        click.echo(f"{row['name']:<12} {state} {label('pid', language)} {row['pid'] or '-':<8} {more}")
        for alarm in row.get("alarms", [])[-3:]:
            click.echo(f"{'':<12} {label('note', language)} {alarm}")
    for name, address in answer["urls"].items():
        click.echo(f"{name:<12} {address}")
    if answer["kafka"]:
        click.echo(f"{'kafka':<12} {answer['kafka']}")
    if (outbox := answer.get("outbox")) and outbox["rows"]:
        click.echo(f"{'outbox':<12} {phrase('outbox', language, n=outbox['reports'])}")
    for problem in answer["problems"]:
        click.secho(f"! {problem}", fg="red")
    if not answer["problems"]:
        click.secho(phrase("well", language), fg="green")
