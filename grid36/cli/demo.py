"""demo: everything at once, on the example street."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any

import click

from grid36.cli.options import asynchronous, settings_of
from grid36.cli.system import echo
from grid36.cli.terminal.exit_codes import DONE, INTERRUPTED, NO
from grid36.cli.terminal.figure_tables import figure_name
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from grid36.machine.home import AlreadyUpError, Home
from grid36.settings import Settings
from grid36.signals import stop_on_signals, unless
from schemas.names import Language

if TYPE_CHECKING:
    from grid36.demo import Street
    from grid36.gateway.client import GatewayClient

OWN_HOME = Path(".grid36/demo")
HOME = "GRID36_HOME"
TRIES = 40
PAUSE_S = 2.0
"""Between the steps of the story when somebody looks on."""
OPENING_S = 20.0
"""How long a browser may take to show the two phones."""
PHONES = 2


@command(help="command.demo.help")
@option("--speed", type=click.FloatRange(0.01, 1000), default=1.5, show_default=True, help="command.demo.speed")
@option("--seed", type=int, default=36, show_default=True, help="command.demo.seed")
@option("--exit", "ends", is_flag=True, help="command.demo.exit")
@asynchronous
async def demo(speed: float, seed: int, ends: bool) -> None:
    """Start everything, play one report from street to proof, then a day, and leave a living street until Ctrl-C."""
    from grid36.machine.up import OneMachine

    settings = settings_of() if os.environ.get(HOME) else settings_of(home=OWN_HOME)
    await asyncio.to_thread(_begin_anew, settings)
    os.environ["GRID36_DOORS"] = ",".join(dict.fromkeys([*settings.door_names, "http", "browser"]))
    os.environ["GRID36_DEMO"] = "true"  # pages of given persons, on this machine
    os.environ["GRID36_DOOR_BROWSER_DEMO"] = "true"  # and their phones
    stop, ready, language = stop_on_signals(), asyncio.Event(), Language(settings.lang)
    machine = asyncio.create_task(OneMachine(settings, echo).run(stop, ready.set))
    playing = asyncio.create_task(_when(ready, lambda: _play(settings, stop, None if ends else (speed, seed))))
    try:
        await asyncio.wait({machine, playing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        click.echo(phrase("stopping", language))
        await machine
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
    if playing.cancelled():
        raise click.exceptions.Exit(INTERRUPTED)
    raise click.exceptions.Exit(DONE if playing.result() else NO)


def _begin_anew(settings: Settings) -> None:
    """Make a clean home. Raises `AlreadyUpError` while a demo runs in it."""
    from grid36.machine.orphans import end_orphans

    home = Home(settings.home)
    if (pid := home.supervisor()) is not None:
        raise AlreadyUpError(pid=pid, home=str(settings.home))
    end_orphans(home, echo, Language(settings.lang))
    home.make_demo()


async def _when(ready: asyncio.Event, play: Callable[[], Any]) -> bool:
    await ready.wait()
    return bool(await play())


async def _play(settings: Settings, stop: asyncio.Event, day: tuple[float, int] | None) -> bool:
    """The story; then the day, by its speed and seed, and the street that lives on, unless there is none."""
    from grid36.demo import Picture, Street, act_again, lines_to_copy, play_story
    from grid36.gateway.client import GatewayClient
    from grid36.system.create import region_of

    region, language = region_of(settings), Language(settings.lang)
    pictures = settings.home / "pictures"
    pictures.mkdir(exist_ok=True)
    run = int(time())  # a street that is played again takes new photos, as people do
    after = Picture(settings.home, run).after()
    async with GatewayClient(settings) as gateway:
        street = Street(gateway, region, Picture(pictures, run))
        _links(settings)
        click.echo(phrase("story", language))
        pause_s = 0.0 if day is None or not await _opened(settings, gateway) else PAUSE_S
        good = bool(await unless(stop, play_story(street, click.echo, language, pause_s)))
        if stop.is_set():
            return good
        good = await _account(settings) and good
        click.echo(phrase("story_good" if good else "story_bad", language))
        _lines(settings, lines_to_copy(region, _short(after)))
        if day is not None and good:
            await asyncio.gather(_live(settings, street, stop, *day), act_again(street, language, stop))
    return good


async def _live(settings: Settings, street: "Street", stop: asyncio.Event, speed: float, seed: int) -> None:
    """The day, its account, and then the street that lives on until `stop`."""
    from grid36.cli.demo_day import day_of, said, show_day
    from grid36.demo import live
    from grid36.system.create import rulebook_of

    language = Language(settings.lang)
    click.echo(phrase("story_day", language))
    plan = day_of(street.region, rulebook_of(settings), language, seed)
    if plan is None:
        click.echo(said(language, "other_street"))
    else:
        await show_day(street, plan, click.echo, language, stop, speed)
    if not stop.is_set():
        await _account(settings)
        click.echo(phrase("story_lives", language))
        await live(street, stop)


async def _account(settings: Settings) -> bool:
    """The summary of the story: every report accounted for, by number."""
    from grid36.system.balance import balance

    answer: dict[str, Any] = {}
    for _ in range(TRIES):
        answer = await balance(settings, str(Home(settings.home).read()["kafka"]))
        if answer["balanced"]:
            break
        await asyncio.sleep(0.25)
    language = Language(settings.lang)
    names = ("routed", "refused", "merged", "waiting", "parked")
    shares = " + ".join(f"{figure_name('figures.balance.', name, language)} {answer[name]}" for name in names)
    click.echo(phrase("accounted", language, accepted=answer["accepted"], shares=shares))
    return bool(answer["balanced"])


async def _opened(settings: Settings, gateway: "GatewayClient") -> bool:
    """Open the two phones where there is a screen; whether somebody looks at them."""
    from grid36.demo_phones import stage

    screen = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not (screen and sys.stdout.isatty()):
        return False
    if not await asyncio.to_thread(webbrowser.open, _page(settings, "demo")):
        return False
    for _ in range(int(OPENING_S / 0.5)):
        if (await stage(gateway)).watching >= PHONES:
            return True
        await asyncio.sleep(0.5)
    return False


def _page(settings: Settings, page: str) -> str:
    """The address of a page, such as that of the two phones."""
    address = str(next(iter(Home(settings.home).read()["urls"].values())))
    return f"{address.rsplit('/', 1)[0]}/{page}"


def _links(settings: Settings) -> None:
    """The two phones, a link per role, and the live board."""
    click.echo(phrase("story_open", Language(settings.lang)))
    click.echo(f"  {'demo':<12} {_page(settings, 'demo')}")
    for name, address in Home(settings.home).read()["urls"].items():
        click.echo(f"  {name:<12} {address}")
    click.echo(f"  {'board':<12} {_page(settings, 'board')}")


def _lines(settings: Settings, lines: list[str]) -> None:
    """Three lines to copy."""
    click.echo(phrase("story_lines", Language(settings.lang)))
    command = f"{HOME}={_short(settings.home)} .venv/bin/grid36"
    for line in lines:
        click.echo(f"  {command} {line}")


def _short(path: Path) -> Path:
    """A path relative to the current folder, if it is inside."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
