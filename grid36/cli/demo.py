"""demo: everything at once, on the example street."""

import asyncio
import signal
import tempfile
from pathlib import Path

import click

from grid36.cli.options import asynchronous, settings_of
from grid36.cli.system import down
from grid36.create import region_of
from grid36.demo import Picture, Street, addressed, live, patrollers, play_story
from grid36.gateway_client import GatewayClient
from grid36.home import Home
from grid36.settings import Settings
from grid36.status import status
from grid36.up import detach


@click.command()
@click.option("--exit", "ends", is_flag=True, help="Play the story once, print the summary, and end with 0 or 1.")
@asynchronous
async def demo(ends: bool) -> None:
    """Start everything, play one report from street to proof, and leave a living street on the pages until Ctrl-C."""
    settings = settings_of()
    started = Home(settings.home).supervisor() is None
    if started:
        await asyncio.to_thread(detach, settings, lambda what: click.echo(f"  … {what}", err=True))
    try:
        good = await _play(settings, ends)
    finally:
        if started:
            click.echo("Stopping …")
            await asyncio.to_thread(down.callback)  # type: ignore[arg-type]  # click types the callback as optional
    raise click.exceptions.Exit(0 if good else 1)


async def _play(settings: Settings, ends: bool) -> bool:
    region = region_of(settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    _links(settings)
    with tempfile.TemporaryDirectory() as folder:
        async with GatewayClient(settings) as gateway:
            street = Street(gateway, region, Picture(Path(folder)))
            click.echo("The story 故事:")
            good = await play_story(street, click.echo)
            click.echo(
                "The story went well 故事圆满。" if good else "The story did not end as it should. See `grid36 status`."
            )
            if ends or not good:
                return good
            _lines(settings)
            click.echo("The street lives on the supervisor's page until Ctrl-C. 街道在值守页面上运行，Ctrl-C 结束。")
            await live(street, stop)
    return good


def _links(settings: Settings) -> None:
    click.echo("Open 打开:")
    for name, address in status(settings)["urls"].items():
        click.echo(f"  {name:<12} {address}")


def _lines(settings: Settings) -> None:
    """Three lines to copy."""
    region = region_of(settings)
    segment, reporter = addressed(region)[1], patrollers(region)[0]
    owner = segment.owner or region.fallback_owner
    click.echo("Three lines to copy 可复制的三行:")
    address = f"{segment.road.zh}{segment.numbers[0].first}号"
    click.echo(f'  .venv/bin/grid36 report --text "路面有油污" --address "{address}" --as {reporter}')
    click.echo(f"  .venv/bin/grid36 act CASE resolve --by {owner} --photo after.jpg")
    click.echo(f"  .venv/bin/grid36 act CASE verify --by {reporter}")
