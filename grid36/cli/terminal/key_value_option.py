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
        """Fails with how it is written."""
        if isinstance(value, tuple):
            return value
        name, sign, told = str(value).partition("=")
        if not sign or not name.strip():
            raise BadValue(Name(zh=f"{value!r} 不是“名称=值”。", en=f"{value!r} is not NAME=VALUE."), ctx, param)
        return name.strip(), told.strip()


PAIR = KeyValue()


def together(pairs: Iterable[tuple[str, str]], option: str, known: Collection[str] = ()) -> dict[str, str]:
    """The pairs by name. Raises `UsageError` for a name that stands twice, or that is not `known` (empty: any)."""
    told: dict[str, str] = {}
    for name, value in pairs:
        if known and name not in known:
            raise Misuse(
                Name(
                    zh=f"{option} 只有 {', '.join(known)}，没有 {name}。",
                    en=f"{option} takes {', '.join(known)}, not {name}.",
                )
            )
        if name in told:
            raise Misuse(
                Name(zh=f"{option} 中 {name} 出现两次，请只给一次。", en=f"{option} names {name} twice. Give it once.")
            )
        told[name] = value
    return told
