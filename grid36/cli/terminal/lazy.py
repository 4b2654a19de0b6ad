"""A group of commands that are imported only when they are called."""

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from grid36.cli.terminal.help_texts import Group
from grid36.cli.terminal.language import language
from texts.catalogue import say

Table = Mapping[str, tuple[str, str]]
"""By name: the module of `grid36.cli` in which a command lives, and the key of what it is for."""


class LazyGroup(Group):
    """Commands by a table, in its order."""

    def __init__(self, *given: Any, table: Table, **more: Any) -> None:
        super().__init__(*given, **more)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All, in the order of the table."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None when there is none of this name."""
        if cmd_name not in self._table:
            return None
        function = cmd_name.replace("-", "_")
        name = f"{function}_" if iskeyword(function) else function  # as `import`, which no function can be called
        command = getattr(import_module(f"grid36.cli.{self._table[cmd_name][0]}"), name)
        assert isinstance(command, click.Command), "the table names a click command"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table, so that nothing is imported for it."""
        with formatter.section(say(language(), "command.page.commands")):
            formatter.write_dl([(name, say(language(), key)) for name, (_, key) in self._table.items()])
