"""consume: a department's orders, live."""

import json

import click

from connectors.departments.client import Delivery, orders
from grid36.cli.options import as_json, asynchronous, servers_of, settings_of
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from grid36.kafka.topics import departments_of, wait_for_kafka
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.create import region_of
from schemas.errors import WrongInput
from schemas.names import Language

LIMIT_S = 15.0


class UnknownDepartment(WrongInput):
    """There is no department of this code. Give one of those that are known."""


@command(help="command.consume.help")
@click.argument("department")
@option("--group", help="command.consume.group")
@option("--limit", type=click.IntRange(1), help="command.consume.limit")
@as_json
@asynchronous
async def consume(department: str, group: str | None, limit: int | None, as_json: bool) -> None:
    """Follow the orders of DEPARTMENT (its code), each one whole and in order, until Ctrl-C."""
    settings = settings_of()
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    await _check_known(settings, servers, department)
    count = 0
    name = group or f"grid36-consume-{department}"
    bookmark = Home(settings.home).bookmark(name)
    async with orders(servers, department, group=name, prefix=settings.topic_prefix, bookmark=bookmark) as stream:
        async for delivery in stream:
            _show(delivery, as_json, Language(settings.lang))
            count += 1
            if limit is not None and count >= limit:
                break


async def _check_known(settings: Settings, servers: str, department: str) -> None:
    """Nothing ever comes for an unknown department. Raises `UnknownDepartment`."""
    known = {organisation.code for organisation in region_of(settings).organisations}
    if department not in known:
        known |= await departments_of(servers, settings.topic_prefix)  # a history names departments as its file does
    if department not in known:
        raise UnknownDepartment(known=", ".join(sorted(known)))


def _show(delivery: Delivery, as_json: bool, language: Language) -> None:
    order, again = delivery.order, f"  {phrase('again', language)}" if delivery.again else ""
    if as_json:
        shown = None if order is None else order.model_dump(mode="json")
        marked = {"again": True} if delivery.again else {}
        click.echo(json.dumps({"case": delivery.case, "order": shown, **marked}, ensure_ascii=False))
    elif order is None:
        click.echo(f"{delivery.case}  {delivery.fault or phrase('finished', language)}{again}")
    else:
        place = order.place.label if order.place else ""
        click.echo(f"{order.case}  {order.state:<13} {order.category:<16} {place:<24} {order.assignee}{again}")
