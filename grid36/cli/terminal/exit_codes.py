"""How the command ends when something went wrong: a sentence that says what and what to do, and an exit code."""

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
from schemas.names import Language, Name

DONE = 0
NO = 1
WRONG_USE = 2
AWAY = 3
INTERRUPTED = 130


_FAULTS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "只读",
    errno.ENOTDIR: "不是文件夹",
    errno.EISDIR: "是文件夹",
    errno.EEXIST: "已存在",
}
"""What the operating system says most often, in Chinese."""
_WHERE = Name(zh="请连同文件 {file} 一起反馈。", en="Please report it with the file {file}.")


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
        case click.UsageError():
            show_misuse(error)
            code = WRONG_USE
        case click.ClickException():
            error.show()
            code = WRONG_USE
        case Grid36Error():
            _tell(error.say(language()))
            code = AWAY if isinstance(error, Retry) else NO if isinstance(error, No) else WRONG_USE
        case SystemExit() if isinstance(error.__context__, BrokenPipeError):  # click saw it first
            code = DONE
        case BrokenPipeError():  # whoever read our answer has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = DONE
        case UnicodeError():
            _say(
                zh="参数或文件中有不是 UTF-8 的文字。请另存为 UTF-8，或重新输入。",
                en="An argument or a file is not text in UTF-8. Save it as UTF-8, or type it again.",
            )
            code = WRONG_USE
        case sqlite3.Error():
            _say(
                zh=f"台账无法读取：{error}。grid36 ledger rebuild 可由日志重建。",
                en=f"The ledger cannot be read: {error}. `grid36 ledger rebuild` makes a new one from the log.",
            )
            code = AWAY
        case OSError(filename=str() as name):
            _say(
                zh=f"{name}：{_FAULTS.get(error.errno or 0, error.strerror)}。请检查路径、权限和磁盘空间。",
                en=f"{name}: {error.strerror}. Check the path, its rights and the free space.",
            )
            code = WRONG_USE
        case _ if _is_kafka(error):
            _say(
                zh=f"Kafka 没有应答（{type(error).__name__}）。详情见 grid36 status，然后重试。",
                en=f"Kafka does not answer ({type(error).__name__}). `grid36 status` says more; then try again.",
            )
            code = AWAY
        case _:
            code = _unexpected(error)
    return code


def _is_kafka(error: BaseException) -> bool:
    return type(error).__module__.startswith("aiokafka") or isinstance(error, ConnectionError | TimeoutError)


def _unexpected(error: BaseException) -> int:
    """A fault of ours: the whole trace goes to a file, the sentence to the user."""
    file = Path(gettempdir()) / f"grid36-fault-{os.getpid()}.txt"
    try:
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="replace")
        where = _WHERE.to(language()).format(file=file)
    except OSError:
        where = ""
    _say(
        zh=f"这是 Grid36 的错误，不是您的：{type(error).__name__}: {error}。{where}",
        en=f"This is a fault of Grid36, not yours: {type(error).__name__}: {error}. {where}",
    )
    return WRONG_USE


def _say(*, zh: str, en: str) -> None:
    _tell((zh if language() is Language.ZH else en).strip())


def _tell(message: str) -> None:
    click.echo(f"grid36: {message}", err=True)
