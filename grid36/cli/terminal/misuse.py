"""Wrong use of the command: what was wrong, in one language, also where click found it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import click

from grid36.cli.terminal.language import language
from schemas.names import Language, Name


class Misuse(click.UsageError):
    """Options that do not fit together, told in both languages."""

    def __init__(self, words: Name, ctx: click.Context | None = None) -> None:
        super().__init__(words.to(language()), ctx)


class BadValue(click.BadParameter):
    """A value that cannot be used, told in both languages."""

    def __init__(self, words: Name, ctx: click.Context | None, param: click.Parameter | None) -> None:
        super().__init__(words.to(language()), ctx, param)


def show_misuse(error: click.UsageError) -> None:
    """On stderr: how the command is called, where its help is, what was wrong."""
    if language() is not Language.ZH or isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    if error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
        click.echo(f"帮助：{error.ctx.command_path} {error.ctx.help_option_names[0]}\n", err=True)
    click.echo(f"错误：{_said(error)}", err=True)


def _said(error: click.UsageError) -> str:
    match error:
        case click.MissingParameter():
            kind = "参数" if isinstance(error.param, click.Argument) else "选项"
            choices = _choices(error.param.type) if error.param is not None else ""
            said = f"缺少{kind} {_hint(error)}{f'，可用：{choices}' if choices else ''}。"
        case BadValue():
            said = f"{_hint(error)} 的值无效：{error.message}"
        case click.BadParameter():
            said = f"{_hint(error)} 的值无效：{_wanted(error)}"
        case click.NoSuchOption():
            near = f"是不是：{', '.join(sorted(error.possibilities))}？" if error.possibilities else ""
            said = f"没有选项 {error.option_name}。{near}"
        case click.BadOptionUsage():
            said = f"选项 {error.option_name} {'须带一个值' if 'requires' in error.message else '不带值'}。"
        case Misuse():
            said = error.message
        case _:
            said = _as_click_says(error.message.removesuffix("."))
    return said


def _as_click_says(message: str) -> str:
    """The two things that click says by a sentence only."""
    if "such command" in message:
        return f"没有命令 {message.rpartition('command ')[2]}。"
    if "extra argument" in message:
        return f"多余的参数：{message.partition('(')[2].removesuffix(')')}"
    return message


def _hint(error: click.BadParameter) -> str:
    hint = error.param.get_error_hint(error.ctx) if error.param is not None else error.param_hint  # type: ignore[arg-type]
    return hint if isinstance(hint, str) else " / ".join(hint or ())


def _choices(kind: click.ParamType) -> str:
    return ", ".join(map(str, kind.choices)) if isinstance(kind, click.Choice) else ""


def _wanted(error: click.BadParameter) -> str:
    """What the value should be; click says it in English only."""
    kind = error.param.type if error.param is not None else None
    for each, words in _WANTED.items():
        if isinstance(kind, each):
            return words(kind)
    return error.message


def _number(what: str) -> Callable[[Any], str]:
    def words(kind: Any) -> str:
        low, high = kind.min, kind.max
        span = (
            f"{low} 至 {high} 的"
            if low is not None and high is not None
            else f"不小于 {low} 的"
            if high is None
            else ""
        )
        return f"应为{span}{what}。"

    return words


_WANTED: Final[Mapping[type[click.ParamType], Callable[[Any], str]]] = {
    click.Choice: lambda kind: f"应为 {_choices(kind)} 之一。",
    click.IntRange: _number("整数"),
    click.FloatRange: _number("数"),
    type(click.INT): lambda _: "应为整数。",
    type(click.FLOAT): lambda _: "应为数字。",
    click.DateTime: lambda kind: f"应为时间，格式为 {' 或 '.join(kind.formats)}。",
    click.Path: lambda kind: (
        "没有这个文件夹，或不是可用的文件夹。"
        if not kind.file_okay
        else "没有这个文件，或不是可用的文件。"
        if not kind.dir_okay
        else "没有这个文件或文件夹。"
    ),
}
"""In the order in which they are asked: a range of integers is a kind of integer."""
