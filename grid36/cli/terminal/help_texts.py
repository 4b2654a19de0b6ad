"""Commands and options whose help is there in both languages: commands have theirs in docstring and `zh`."""

import inspect
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import click
from click.formatting import HelpFormatter

from grid36.cli.terminal.language import language
from schemas.names import Language, Name

F = TypeVar("F", bound=Callable[..., Any] | click.Command)
_SECOND: Final = "\ue000"
"""Follows a character that is two columns wide, for what counts characters; taken out again at the end."""
_CHINESE_LINES = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")
_USAGE: Final = Name(zh="用法：", en="Usage: ")
_OPTIONS: Final = Name(zh="选项", en="Options")
COMMANDS: Final = Name(zh="命令", en="Commands")
_HELP: Final = Name(zh="显示此帮助。", en="Show this message and exit.")
_USAGES: Final[Mapping[str, str]] = {"[OPTIONS]": "[选项]", "COMMAND": "命令", "[ARGS]...": "[参数]..."}
_METAVARS: Final[Mapping[str, str]] = {
    "TEXT": "文字",
    "INTEGER": "整数",
    "INTEGER RANGE": "整数",
    "FLOAT": "数",
    "FLOAT RANGE": "数",
    "FILE": "文件",
    "DIRECTORY": "文件夹",
    "PATH": "路径",
    "NAME=VALUE": "名称=值",
    "ID=VALUE": "编号=值",
    "max|N": "max|倍数",
}
"""What click calls a value; arguments keep their names, which the texts use."""
_EXTRAS: Final[Mapping[str, str]] = {"[default: ": "[默认：", "[required]": "[必填]", "; required]": "；必填]"}


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
        shown = " ".join(_USAGES.get(word, word) for word in args.split(" ")) if _zh() else args
        super().write_usage(prog, _wide(shown), _wide(prefix or _USAGE.to(language())))

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
    """An option with `help` as a `Name`."""

    def __init__(self, names: Sequence[str], **more: Any) -> None:
        self._words: Name | None = more.pop("help", None)
        super().__init__(names, **more)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and what it means, in the language of whoever calls."""
        self.help = None if self._words is None else self._words.to(language())
        record = super().get_help_record(ctx)
        if record is None or not _zh():
            return record
        term, text = record
        for en, zh in _EXTRAS.items():
            text = text.replace(en, zh)
        return term, text

    def make_metavar(self, ctx: click.Context) -> str:
        """What the value is called."""
        called = super().make_metavar(ctx)
        return _METAVARS.get(called, called) if _zh() else called


class BilingualCommand(click.Command):
    """A command whose Chinese help is `zh`."""

    context_class = _Context

    def __init__(self, *given: Any, zh: str = "", **more: Any) -> None:
        super().__init__(*given, **more)
        self.zh = zh

    def format_help_text(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """The docstring, or its like in Chinese."""
        text = _joined(inspect.cleandoc(self.zh)) if _zh() else inspect.cleandoc(self.help or "")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)

    def format_options(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """All options under their heading."""
        records = [record for each in self.get_params(ctx) if (record := each.get_help_record(ctx)) is not None]
        with formatter.section(_OPTIONS.to(language())):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, which click makes itself."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP.to(language())
        return option


class Group(BilingualCommand, click.Group):
    """A group of commands that says in Chinese what each is for."""

    command_class = BilingualCommand

    def format_options(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """Its options, then its commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: HelpFormatter) -> None:
        """Each with its first sentence."""
        rows = [(name, _first(self.commands[name])) for name in self.list_commands(ctx)]
        with formatter.section(COMMANDS.to(language())):
            formatter.write_dl(rows)


def _first(command: click.Command) -> str:
    if isinstance(command, BilingualCommand) and _zh():
        return re.split(r"(?<=[。；])", inspect.cleandoc(command.zh), maxsplit=1)[0].rstrip("；")
    return command.get_short_help_str(80)


def option(*names: str, **more: Any) -> Callable[[F], F]:
    """Like `click.option`, with `help` as a `Name`."""
    return click.option(*names, cls=Option, **more)


def command(name: str | None = None, **more: Any) -> Callable[[Callable[..., Any]], BilingualCommand]:
    """Like `click.command`, with `zh`, the help in Chinese."""
    return click.command(name, cls=BilingualCommand, **more)
