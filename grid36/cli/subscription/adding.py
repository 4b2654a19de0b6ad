"""subscription add: what is posted, and where."""

import sqlite3
from typing import Any

import click

from connectors.clock import now_ms
from connectors.intake.numbers import looks_like_case_number
from connectors.ledger.queries.cases import Ledger
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.selection_check import selection_faults
from connectors.subscriptions.standing import standing
from connectors.subscriptions.store import with_subscriptions
from connectors.subscriptions.subscription import Receiver, Selection
from connectors.subscriptions.urls import UrlFault, url_fault
from grid36.cli.department.keys import check_department
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.phrases import phrase
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.create import region_of, rulebook_of
from schemas.errors import WrongInput
from schemas.names import Language, Name


class UnknownChoice(WrongInput):
    """There is no such category or area, so nothing would ever be sent. Give one of those that are known."""


class NoSuchCase(WrongInput):
    """There is no such case, so nothing would ever be sent. Check its number."""


class WrongSubscriberUrl(WrongInput):
    """This address cannot be posted to. Write https://HOST/PATH; http only on this machine, or with --plain-http."""


@command("add", help="command.subscription.add.help")
@click.argument("url")
@option("--department", default="", help="command.subscription.add.department")
@option("--category", default="", help="command.subscription.add.category")
@option("--area", default="", help="command.subscription.add.area")
@option("--case", "case", default="", help="command.subscription.add.case")
@option("--words", is_flag=True, help="command.subscription.add.words")
@option("--batch", is_flag=True, help="command.subscription.add.batch")
@option("--plain-http", is_flag=True, help="command.subscription.add.plain_http")
@as_json
def add(
    url: str, department: str, category: str, area: str, case: str, words: bool, batch: bool, plain_http: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Subscribe the program at URL."""
    settings = settings_of()
    language = Language(settings.lang)
    selection = Selection(department, category, area, case, words)
    _check(settings, selection, url, plain=plain_http)

    def make(db: sqlite3.Connection) -> dict[str, Any]:
        made = SubscriptionRows(db).add(selection, Receiver(url, batch, inside=True), now_ms())
        return standing(db, made, language) | {"secret": made.secret}

    made = with_subscriptions(Home(settings.home).subscriptions, make)
    say(made, as_json, lambda answer: click.echo(phrase("subscription_made", language, **answer)))


def _check(settings: Settings, selection: Selection, url: str, *, plain: bool) -> None:
    """Raises what says what is wrong."""
    if not selection.department and not (selection.category or selection.area or selection.case):
        raise Misuse(Name.of("command.subscription.add.nothing"))
    if selection.department and selection.words:
        raise Misuse(Name.of("command.subscription.add.words_of"))
    if selection.department:
        check_department(settings, selection.department)
    for fault in selection_faults(selection, region_of(settings), rulebook_of(settings)):
        raise UnknownChoice(where=fault.where, given=fault.given, known=fault.known)
    if selection.case:
        _check_case(settings, selection.case)
    if (wrong := url_fault(url, plain=plain, inside=True)) is not None:
        plain_here = wrong is UrlFault.PLAIN_HTTP  # --plain-http allows it; the sentence of the API names a setting
        raise WrongSubscriberUrl(None if plain_here else Name.of(f"intake.{wrong}", where="URL"))


def _check_case(settings: Settings, number: str) -> None:
    """Raises `NoSuchCase`, and `LedgerAway` while nobody knows which cases there are."""
    if not looks_like_case_number(number):
        example = f"{region_of(settings).code}-G01-2611-00001"
        raise NoSuchCase(Name.of("intake.bad_case_number", given=number, example=example))
    if Ledger(settings.ledger_address).case(number) is None:
        raise NoSuchCase(case=number)
