"""department key: what the program of a department shows over HTTP."""

from datetime import datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import click

from connectors.accounts.program_keys import KeyRows, ProgramKey
from connectors.accounts.rows import AccountRows
from connectors.accounts.store import with_accounts
from connectors.clock import now_ms
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.store import with_subscriptions
from grid36.cli.department.consume import UnknownDepartment
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.phrases import phrase
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.create import region_of
from schemas.names import Language, Name
from schemas.people import OrganisationKind

NEW, REVOKE, LIST = ACTIONS = ("new", "revoke", "list")
WHEN: Final = "%Y-%m-%d %H:%M"


class NoSuchKey(No):
    """This department or platform has no such key, so there was nothing to revoke."""


@command("key", help="command.department.key.help")
@click.argument("department")
@click.argument("action", type=click.Choice(ACTIONS), metavar="new|revoke|list")
@option("--id", "id", help="command.department.key.id")
@as_json
def key(department: str, action: str, id: str | None, as_json: bool) -> None:
    """Make, revoke or list the keys of DEPARTMENT (its code)."""
    settings = settings_of()
    if action == NEW:
        check_department(settings, department)
    manage_keys(settings, "department", department, action, id, as_json=as_json)


def manage_keys(
    settings: Settings,
    kind: Literal["department", "platform"],
    owner: str,
    action: str,
    id: str | None,
    *,
    as_json: bool,
) -> None:
    """Make, revoke or list the keys of one owner. Raises `NoSuchKey`."""
    if id is not None and action != REVOKE:
        raise Misuse(Name.of("command.department.key.id_of"))
    file, language = Home(settings.home).accounts, Language(settings.lang)

    def keys_of(rows: AccountRows) -> KeyRows:
        return rows.department_keys if kind == "department" else rows.platform_keys

    if action == NEW:
        made, shown = with_accounts(file, lambda rows: keys_of(rows).new(owner, now_ms()))
        answer = {kind: owner, "id": made.id, "key": shown}
        say(answer, as_json, lambda _: click.echo(f"{shown}\n{phrase('key_made', language, id=made.id)}"))
    elif action == REVOKE:
        n = with_accounts(file, lambda rows: keys_of(rows).revoke(owner, id)) if file.exists() else 0
        if kind == "department":
            end_subscriptions(settings, owner)
        if not n:
            raise NoSuchKey(name=owner, id=id or "–")
        revoked = phrase("keys_revoked", language, department=owner, n=n)
        say({kind: owner, "revoked": n}, as_json, lambda _: click.echo(revoked))
    else:
        keys = with_accounts(file, lambda rows: keys_of(rows).of(owner)) if file.exists() else []
        _show(settings, kind, owner, keys, as_json=as_json)


def end_subscriptions(settings: Settings, department: str) -> None:
    """Stop what was subscribed with keys that no longer work, also while no gateway runs."""
    file = Home(settings.home)
    if file.subscriptions.exists() and file.accounts.exists():
        working = with_accounts(file.accounts, lambda rows: rows.department_keys.of(department))
        ids = frozenset(each.id for each in working)
        with_subscriptions(file.subscriptions, lambda db: SubscriptionRows(db).end_those_of_keys(department, ids))


def check_department(settings: Settings, department: str) -> None:
    """Raises `UnknownDepartment` for a code that the region does not have."""
    bodies = region_of(settings).organisations
    known = [body.code for body in bodies if body.kind is OrganisationKind.DEPARTMENT]
    if department not in known:
        raise UnknownDepartment(known=", ".join(sorted(known)))


def _show(settings: Settings, kind: str, owner: str, keys: list[ProgramKey], *, as_json: bool) -> None:
    zone, language = ZoneInfo(region_of(settings).zone), Language(settings.lang)

    def show(answer: dict[str, Any]) -> None:
        for each in answer["keys"]:
            click.echo(f"{each['id']}  {datetime.fromtimestamp(each['made_ms'] / 1000, zone).strftime(WHEN)}")
        if not answer["keys"]:
            click.echo(phrase("no_keys", language, kind=kind, department=owner))

    rows = [{"id": each.id, "made_ms": each.made_ms} for each in keys]
    say({kind: owner, "keys": rows}, as_json, show)
