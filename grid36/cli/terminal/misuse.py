"""Reports wrong use of the command in one language, also errors found by click."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from grid36.cli.terminal.language import language
from schemas.names import Language, Name
from texts.catalogue import say

if TYPE_CHECKING:
    from connectors.intake.refusal import Refused


class Misuse(click.UsageError):
    """Options that do not go together, with a message in both languages."""

    def __init__(self, words: Name, ctx: click.Context | None = None) -> None:
        super().__init__(words.to(language()), ctx)


def misuse_of(refusal: "Refused") -> Misuse:
    """What a page refuses, in its words."""
    zh, en = (str(refusal.answer(each)["message"]) for each in (Language.ZH, Language.EN))
    return Misuse(Name(zh=zh, en=en))


class BadValue(click.BadParameter):
    """A value that cannot be used, with a message in both languages."""

    def __init__(self, words: Name, ctx: click.Context | None, param: click.Parameter | None) -> None:
        super().__init__(words.to(language()), ctx, param)


def show_misuse(error: click.UsageError) -> None:
    """On stderr: how the command is called, where its help is, what was wrong; in English as click has it."""
    if language() is not Language.ZH or isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    if error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
        click.echo(
            _say("help_is", command=f"{error.ctx.command_path} {error.ctx.help_option_names[0]}") + "\n", err=True
        )
    click.echo(_say("error", what=_said(error)), err=True)


def _say(key: str, **facts: object) -> str:
    return say(language(), f"command.wrong.{key}", **facts)


def _said(error: click.UsageError) -> str:
    match error:
        case click.MissingParameter():
            what = "missing_argument" if isinstance(error.param, click.Argument) else "missing_option"
            choices = _choices(error.param.type) if error.param is not None else ""
            said = _say(f"{what}_of", name=_hint(error), choices=choices) if choices else _say(what, name=_hint(error))
        case BadValue():
            said = _say("value", name=_hint(error), what=error.message)
        case click.BadParameter():
            said = _say("value", name=_hint(error), what=_wanted(error))
        case click.NoSuchOption(possibilities=None | []):
            said = _say("no_such_option", name=error.option_name)
        case click.NoSuchOption():
            near = ", ".join(sorted(error.possibilities or ()))
            said = _say("no_such_option_but", name=error.option_name, near=near)
        case click.BadOptionUsage():
            needs = "requires" in error.message
            said = _say("option_needs_value" if needs else "option_takes_no_value", name=error.option_name)
        case Misuse():
            said = error.message
        case _:
            said = _as_click_says(error.message.removesuffix("."))
    return said


def _as_click_says(message: str) -> str:
    """The two things that click says by a sentence only."""
    if "such command" in message:
        return _say("no_such_command", name=message.rpartition("command ")[2])
    if "extra argument" in message:
        return _say("extra_arguments", arguments=message.partition("(")[2].removesuffix(")"))
    return message


def _hint(error: click.BadParameter) -> str:
    hint = error.param.get_error_hint(error.ctx) if error.param is not None else error.param_hint  # type: ignore[arg-type]
    return hint if isinstance(hint, str) else " / ".join(hint or ())


def _choices(kind: click.ParamType) -> str:
    return ", ".join(map(str, kind.choices)) if isinstance(kind, click.Choice) else ""


def _wanted(error: click.BadParameter) -> str:
    """The expected value; click has it in English only."""
    kind = error.param.type if error.param is not None else None
    for each, words in _WANTED.items():
        if isinstance(kind, each):
            return words(kind)
    return error.message


def _want(key: str, **facts: object) -> str:
    return say(language(), f"command.wanted.{key}", **facts)


def _number(what: str) -> Callable[[Any], str]:
    def words(kind: Any) -> str:
        match kind.min, kind.max:
            case None, None:
                return _want(what)
            case low, None:
                return _want(f"{what}_from", low=low)
            case low, high:
                return _want(f"{what}_in", low=low, high=high)

    return words


_WANTED: Final[Mapping[type[click.ParamType], Callable[[Any], str]]] = {
    click.Choice: lambda kind: _want("one_of", choices=_choices(kind)),
    click.IntRange: _number("integer"),
    click.FloatRange: _number("number"),
    type(click.INT): lambda _: _want("integer"),
    type(click.FLOAT): lambda _: _want("number"),
    click.Path: lambda kind: _want("folder" if not kind.file_okay else "file" if not kind.dir_okay else "path"),
}
"""In the order in which they are asked: a range of integers is a kind of integer."""
