"""Ends the command after an error: a sentence with the remedy, and an exit code."""

import errno
import os
import sqlite3
import sys
import traceback
from pathlib import Path
from tempfile import gettempdir

import click

from grid36.cli.terminal.language import language
from grid36.cli.terminal.misuse import show_misuse
from schemas.errors import Grid36Error, Retry
from texts.catalogue import catalogue, say

DONE = 0
NO = 1
WRONG_USE = 2
AWAY = 3
INTERRUPTED = 130


class No(Grid36Error):
    """The answer is no."""


def failed(error: BaseException) -> int:
    """Print the error on stderr; returns the exit code."""
    code = INTERRUPTED
    match error:
        case click.exceptions.Exit():
            code = error.exit_code
        case click.exceptions.Abort() | KeyboardInterrupt():
            pass
        case click.UsageError():
            show_misuse(error)
            code = WRONG_USE
        case click.ClickException():
            error.show()
            code = WRONG_USE
        case Grid36Error():
            _print(error.say(language()))
            code = AWAY if isinstance(error, Retry) else NO if isinstance(error, No) else WRONG_USE
        case SystemExit() if isinstance(error.__context__, BrokenPipeError):  # click caught it first
            code = DONE
        case BrokenPipeError():  # the reader of our output has closed it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = DONE
        case UnicodeError():
            _say("command.fault.not_utf_8")
            code = WRONG_USE
        case _ if _is_database(error):
            _say("command.fault.ledger", error=getattr(error, "orig", error))
            code = AWAY
        case OSError(filename=str() as name):
            _say("command.fault.file", name=name, error=_of_system(error))
            code = WRONG_USE
        case _ if _is_kafka(error):
            _say("command.fault.kafka", kind=type(error).__name__)
            code = AWAY
        case _:
            code = _unexpected(error)
    return code


def _is_database(error: BaseException) -> bool:
    return isinstance(error, sqlite3.Error) or type(error).__module__.startswith(("sqlalchemy.", "psycopg."))


def _is_kafka(error: BaseException) -> bool:
    return type(error).__module__.startswith("aiokafka") or isinstance(error, ConnectionError | TimeoutError)


def _unexpected(error: BaseException) -> int:
    """An internal error: the traceback goes to a file, a sentence to the user."""
    file = Path(gettempdir()) / f"grid36-fault-{os.getpid()}.txt"
    try:
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="replace")
        where = say(language(), "command.fault.where", file=file)
    except OSError:
        where = ""
    _say("command.fault.ours", kind=type(error).__name__, error=error, where=where)
    return WRONG_USE


def _of_system(error: OSError) -> str:
    """What the operating system says; the catalogue has what it says most often."""
    name = errno.errorcode.get(error.errno or 0, "")
    return catalogue("command", language()).get(f"errno.{name}", str(error.strerror))


def _say(key: str, **facts: object) -> None:
    _print(say(language(), key, **facts).strip())


def _print(message: str) -> None:
    click.echo(f"grid36: {message}", err=True)
