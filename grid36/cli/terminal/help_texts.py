"""Commands and options whose help is a key of the catalogues, and pages of help in one language."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click
from click.formatting import HelpFormatter
from click.utils import make_default_short_help

from grid36.cli.terminal.language import language
from schemas.names import Language
from texts.catalogue import catalogue, say

F = TypeVar("F", bound=Callable[..., Any] | click.Command)
_SECOND: Final = "\ue000"
"""Appended to each character of two columns, so that counting characters counts columns; removed at the end."""
_CHINESE_LINES = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")
_USAGES: Final = {
    "[OPTIONS]": "command.page.options_word",
    "COMMAND": "command.page.command_word",
    "[ARGS]...": "command.page.args_word",
}
_EXTRAS: Final = ("command.page.default", "command.page.required", "command.page.also_required")
"""What click adds to the help of an option."""


def help_of(key: str) -> str:
    """A help text; in the catalogue, the mark of click that keeps the lines of a paragraph is spelled out."""
    return say(language(), key).replace(r"\b", "\b")


def _zh() -> bool:
    return language() is Language.ZH


def _wide(text: str) -> str:
    return "".join(c + _SECOND if unicodedata.east_asian_width(c) in "WF" else c for c in text)


def _joined(text: str) -> str:
    """Lines of a paragraph that end and begin in Chinese belong together without a blank; `\\b` keeps its lines."""
    parts = text.split("\n\n")
    return "\n\n".join(part if part.startswith("\b") else _CHINESE_LINES.sub("", part) for part in parts)


class _Formatter(HelpFormatter):
    """Counts columns, not characters, and has its headings in one language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        words = (say(language(), _USAGES[word]) if word in _USAGES else word for word in args.split(" "))
        super().write_usage(prog, _wide(" ".join(words)), _wide(prefix or say(language(), "command.page.usage")))

    def write_heading(self, heading: str) -> None:
        """With a colon of its language."""
        self.write(f"{'':>{self.current_indent}}{heading}{'：' if _zh() else ':'}\n")

    def write_text(self, text: str) -> None:
        """A paragraph."""
        super().write_text(_wide(text))

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        """Terms and what they mean."""
        super().write_dl([(_wide(term), _wide(text)) for term, text in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        """All of it."""
        return super().getvalue().replace(_SECOND, "")


class _Context(click.Context):
    formatter_class = _Formatter


class Option(click.Option):
    """An option with `help` as a key."""

    def __init__(self, names: Sequence[str], **more: Any) -> None:
        self._key: str | None = more.pop("help", None)
        super().__init__(names, **more)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help, in the caller's language."""
        self.help = None if self._key is None else help_of(self._key)
        record = super().get_help_record(ctx)
        if record is None:
            return None
        term, text = record
        for key in _EXTRAS:
            text = text.replace(say(Language.EN, key), say(language(), key))
        return term, text

    def make_metavar(self, ctx: click.Context) -> str:
        """The name of the value."""
        called = super().make_metavar(ctx)
        return catalogue("command", language()).get(f"metavar.{called}", called)


class BilingualCommand(click.Command):
    """A command with `help` as a key."""

    context_class = _Context

    def text(self) -> str:
        """Its help in the language of whoever calls."""
        return help_of(self.help or "")

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence."""
        text = self.text()
        if _zh():
            return re.split(r"(?<=[。；])", text, maxsplit=1)[0].rstrip("；")
        return make_default_short_help(text, limit)

    def format_help_text(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """All of it."""
        text = _joined(self.text()) if _zh() else self.text()
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)

    def format_options(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """All options under their heading."""
        records = [record for each in self.get_params(ctx) if (record := each.get_help_record(ctx)) is not None]
        with formatter.section(say(language(), "command.page.options")):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, which click makes itself."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say(language(), "command.page.help")
        return option


class Group(BilingualCommand, click.Group):
    """A group of commands with Chinese help."""

    command_class = BilingualCommand

    def format_options(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """Its options, then its commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """Each with its first sentence."""
        rows = [(name, self.commands[name].get_short_help_str(80)) for name in self.list_commands(ctx)]
        with formatter.section(say(language(), "command.page.commands")):
            formatter.write_dl(rows)


def option(*names: str, **more: Any) -> Callable[[F], F]:
    """Like `click.option`, with `help` as a key."""
    return click.option(*names, cls=Option, **more)


def command(name: str | None = None, **more: Any) -> Callable[[Callable[..., Any]], BilingualCommand]:
    """Like `click.command`, with `help` as a key."""
    return click.command(name, cls=BilingualCommand, **more)
