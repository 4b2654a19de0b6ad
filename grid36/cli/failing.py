"""How the command ends when something went wrong: a sentence that says what and what to do, and an exit code."""

import os
import sqlite3
import sys
import traceback
from pathlib import Path
from tempfile import gettempdir

import click

from grid36.cli.language import spoken
from schemas.errors import Grid36Error, Retry
from schemas.names import Language, Name

DONE = 0
NO = 1
WRONG_USE = 2
AWAY = 3
INTERRUPTED = 130


class No(Grid36Error):
    """The answer is no."""


def failed(error: BaseException) -> int:
    """Say what was wrong on stderr; the exit code."""
    code = INTERRUPTED
    match error:
        case click.exceptions.Exit():
            code = error.exit_code
        case click.exceptions.Abort() | KeyboardInterrupt():
            pass
        case click.ClickException():
            error.show()
            code = WRONG_USE
        case Grid36Error():
            _say(error.say(_language()))
            code = AWAY if isinstance(error, Retry) else NO if isinstance(error, No) else WRONG_USE
        case SystemExit() if isinstance(error.__context__, BrokenPipeError):  # click saw it first
            code = DONE
        case BrokenPipeError():  # whoever read our answer has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = DONE
        case UnicodeError():
            _say(_NO_TEXT.to(_language()))
            code = WRONG_USE
        case sqlite3.Error():
            _say(f"The ledger cannot be read: {error}. `grid36 ledger rebuild` makes it anew from the log.")
            code = AWAY
        case OSError(filename=str() as name):
            _say(f"{name}: {_CHECK_PATH.to(_language()).format(error.strerror)}")
            code = WRONG_USE
        case _ if _is_kafka(error):
            _say(f"Kafka does not answer ({type(error).__name__}). `grid36 status` says more; then try again.")
            code = AWAY
        case _:
            code = _unexpected(error)
    return code


_NO_TEXT = Name(
    zh="参数或文件中有不是 UTF-8 文字的内容。请重新保存或输入。",
    en="An argument or a file holds what is no text in UTF-8. Save or type it anew.",
)
_CHECK_PATH = Name(
    zh="无法打开或写入。请检查路径、权限和剩余空间。", en="{}. Check the path, its rights and the free space."
)


def _language() -> Language:
    """Of whoever calls, also where the settings that say it are wrong."""
    from grid36.cli.options import WrongSettings, settings_of  # takes a while, and most commands do not fail

    try:
        return Language(settings_of().lang)
    except WrongSettings:
        return spoken() or Language.ZH


def _is_kafka(error: BaseException) -> bool:
    return type(error).__module__.startswith("aiokafka") or isinstance(error, ConnectionError | TimeoutError)


def _unexpected(error: BaseException) -> int:
    """A fault of ours: the whole trace goes to a file, the sentence to the user."""
    file = Path(gettempdir()) / f"grid36-fault-{os.getpid()}.txt"
    try:
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="replace")
        where = f" Please report it with the file {file}."
    except OSError:
        where = ""
    _say(f"This is a fault of Grid36, not of yours: {type(error).__name__}: {error}.{where}")
    return WRONG_USE


def _say(message: str) -> None:
    click.echo(f"grid36: {message}", err=True)
