"""Shared by commands: settings from variables and flags, and printing of answers."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from pydantic import ValidationError
from pydantic_settings import SettingsError

from grid36.cli.terminal.help_texts import option
from grid36.cli.terminal.language import spoken
from grid36.cli.terminal.misuse import BadValue
from grid36.kafka.login import with_login
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.wrong_settings import wrong_settings
from schemas.errors import ServiceAway, WrongInput
from schemas.names import Name
from schemas.wrong_variables import with_detail

P = ParamSpec("P")
T = TypeVar("T")


class _Existing(click.Path):
    """A path to an existing file: click accepts devices and pipes, and reading those never ends."""

    def __init__(self, *, folder: bool) -> None:
        super().__init__(path_type=Path, exists=True, file_okay=not folder, dir_okay=folder)
        self._folder = folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path. Fails with the expected kind of file."""
        path = Path(str(super().convert(value, param, ctx)))
        if not (path.is_dir() if self._folder else path.is_file()):
            shown = click.format_filename(path)
            key = "command.option.not_a_folder" if self._folder else "command.option.not_a_file"
            raise BadValue(Name.of(key, path=shown), ctx, param)
        return path


FILE = _Existing(folder=False)
FOLDER = _Existing(folder=True)

as_json = option("--json", "as_json", is_flag=True, help="command.option.json")
region_option = option("--region", type=FOLDER, help="command.option.region")


class NothingUp(ServiceAway):
    """No system is up under this GRID36_HOME. Start it: grid36 up"""


class WrongSettings(WrongInput):
    """A GRID36_ setting is wrong. Correct the variable or flag that is named."""


def settings_of(**flags: Any) -> Settings:
    """Settings from the environment, overridden by flags, in the caller's language.

    Raises `WrongSettings`.
    """
    return settings_with(**{"lang": spoken(), **flags})


def settings_with(**flags: Any) -> Settings:
    """The same for a process, whose language is that of its pages, not of a terminal. Raises `WrongSettings`."""
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except (ValidationError, SettingsError) as error:
        wrong = wrong_settings(error, "GRID36_")
        raise WrongSettings(with_detail(WrongSettings, wrong)) from None


def servers_of(settings: Settings) -> str:
    """Kafka's address: as set, or of the system that is up here. Raises `NothingUp`."""
    home = Home(settings.home)
    servers = settings.kafka or (home.living() and home.read().get("kafka"))
    if not isinstance(servers, str):
        raise NothingUp(home=str(settings.home))
    return servers if settings.kafka is None else with_login(servers)


def asynchronous(work: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Make a click command of a coroutine."""

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return asyncio.run(work(*args, **kwargs))

    return run


def say(answer: Any, as_json: bool, show: Callable[[Any], None]) -> None:
    """Print an answer as one JSON object, or for people."""
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        show(answer)
