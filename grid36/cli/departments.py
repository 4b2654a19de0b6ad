"""consume: a department's orders, live."""

import json

import click

from connectors.departments import Delivery, orders
from grid36.cli.options import as_json, asynchronous, servers_of, settings_of


@click.command()
@click.argument("department")
@click.option(
    "--group", help="Consumer group; its place in the topic is remembered (default: grid36-consume-DEPARTMENT)."
)
@click.option("--limit", type=click.IntRange(1), help="Stop after this many.")
@as_json
@asynchronous
async def consume(department: str, group: str | None, limit: int | None, as_json: bool) -> None:
    """Follow the orders of DEPARTMENT (a code, e.g. the ones in organisations.yaml), each one whole and in order.

    A department's own program does the same with `connectors.departments.orders`.
    """
    settings = settings_of()
    count = 0
    name = group or f"grid36-consume-{department}"
    async with orders(servers_of(settings), department, group=name, prefix=settings.topic_prefix) as stream:
        async for delivery in stream:
            _show(delivery, as_json)
            count += 1
            if limit is not None and count >= limit:
                break


def _show(delivery: Delivery, as_json: bool) -> None:
    order = delivery.order
    if as_json:
        shown = None if order is None else order.model_dump(mode="json")
        click.echo(json.dumps({"case": delivery.case, "order": shown}, ensure_ascii=False))
    elif order is None:
        click.echo(f"{delivery.case}  {delivery.fault or 'finished 已完结'}")
    else:
        place = order.place.label if order.place else ""
        click.echo(f"{order.case}  {order.state:<13} {order.category:<16} {place:<24} {order.assignee}")
