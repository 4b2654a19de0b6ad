"""Options of the form NAME=VALUE, which can be given several times."""

from collections.abc import Collection, Iterable
from typing import Any

import click

from grid36.cli.terminal.misuse import BadValue, Misuse
from schemas.names import Name


class KeyValue(click.ParamType):
    """One NAME=VALUE, as two strings."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Fails with the expected form."""
        if isinstance(value, tuple):
            return value
        name, sign, text = str(value).partition("=")
        if not sign or not name.strip():
            raise BadValue(Name.of("command.option.not_a_pair", value=value), ctx, param)
        return name.strip(), text.strip()


PAIR = KeyValue()


def together(pairs: Iterable[tuple[str, str]], option: str, known: Collection[str] = ()) -> dict[str, str]:
    """The pairs by name. Raises `UsageError` for a repeated name, or one that is not `known` (empty: any)."""
    by_name: dict[str, str] = {}
    for name, value in pairs:
        if known and name not in known:
            raise Misuse(Name.of("command.option.unknown_name", option=option, known=", ".join(known), name=name))
        if name in by_name:
            raise Misuse(Name.of("command.option.name_twice", option=option, name=name))
        by_name[name] = value
    return by_name
