"""The command `grid36`: one module per group of commands, loaded when it is called."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click

from grid36.cli.terminal.exit_codes import failed
from grid36.cli.terminal.help_texts import Option, option
from grid36.cli.terminal.language import asked_for
from grid36.cli.terminal.lazy import LazyGroup
from grid36.logs import set_up_plain
from schemas.names import Language, Name

COMMANDS = {
    "up": (
        "system",
        Name(zh="在本机启动整个系统。", en="Start a whole system on this machine."),
    ),
    "down": (
        "system",
        Name(
            zh="停止系统；不会丢失任何内容。",
            en="Stop it; nothing is lost.",
        ),
    ),
    "status": (
        "system",
        Name(
            zh="哪些在运行，有什么问题，如何处理。",
            en="What runs where, what is wrong, and how to go on.",
        ),
    ),
    "demo": (
        "demo",
        Name(
            zh="运行中的示例街道和页面，从一件上报到核查。",
            en="A living example street with pages, from one report to its verification.",
        ),
    ),
    "report": ("report", Name(zh="发送一件上报。", en="Send a report.")),
    "act": (
        "people",
        Name(
            zh="办理案件：接单、处置、核查等。",
            en="Do something to a case: acknowledge, resolve, verify, ...",
        ),
    ),
    "cover": (
        "people",
        Name(
            zh="登记不在岗人员及代班人。",
            en="Say that somebody is away, and who covers.",
        ),
    ),
    "case": (
        "people",
        Name(
            zh="案件的全过程、判定和时限。",
            en="The timeline of a case, its decision and clocks.",
        ),
    ),
    "consume": (
        "departments",
        Name(zh="实时接收部门的派单。", en="A department's orders, live."),
    ),
    "stats": (
        "figures",
        Name(zh="数量、用时和按期率。", en="How many, how fast, how much on time."),
    ),
    "balance": (
        "figures",
        Name(
            zh="每件已受理上报的去向。",
            en="Every accepted report accounted for, by number.",
        ),
    ),
    "parked": (
        "parked",
        Name(
            zh="无法处理的记录及原因。",
            en="What could not be processed, and why.",
        ),
    ),
    "lost": (
        "lost",
        Name(
            zh="未处理就被删除的记录，以及如何继续。",
            en="What was deleted before it was applied, and going on without it.",
        ),
    ),
    "replay": (
        "replay",
        Name(
            zh="从文件导入历史案件，作为历史或实时上报。", en="Past cases from a file, as history or as live reports."
        ),
    ),
    "region": ("region", Name(zh="创建和检查地区。", en="Make and check regions.")),
    "rules": (
        "rules.group",
        Name(
            zh="创建、检查、解释和比较规则。",
            en="Make, check, explain and compare rulebooks.",
        ),
    ),
    "schema": (
        "schema",
        Name(zh="各主题的 JSON Schema。", en="The JSON Schema of each topic."),
    ),
    "worker": (
        "processes",
        Name(
            zh="单个工作进程，用于 compose 和集群。",
            en="One worker process, for compose and clusters.",
        ),
    ),
    "gateway": (
        "processes",
        Name(
            zh="网关进程：各入口、HTTP API、页面。",
            en="The gateway process: doors, HTTP API, pages.",
        ),
    ),
    "ledger": (
        "processes",
        Name(
            zh="台账：运行、重建、核对。",
            en="The read model: run, rebuild, verify.",
        ),
    ),
    "broker": (
        "processes",
        Name(zh="内置 Kafka 进程。", en="The embedded Kafka process."),
    ),
}
"""In which module each command lives, and what it is for; the order is the order of `grid36 --help`."""


_GRID36 = """网格化城市管理，基于 Kafka：一件上报，一名责任人，用时精确到分。

\b
试一试：  grid36 up            然后打开显示的链接
上报：    grid36 report --text "路面有油污" --address "湖滨南路12号"
看结果：  grid36 case 编号     grid36 stats   grid36 balance --deep

退出码：0 完成，1 答案是否定的，2 用法或输入有误，3 所需的服务没有运行。设置：GRID36_* 变量；选项优先于变量。"""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    zh=_GRID36,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(
    package_name="grid36",
    message="%(prog)s %(version)s",
    cls=Option,
    help=Name(zh="显示版本。", en="Show the version and exit."),
)
@option(
    "--lang",
    type=click.Choice([language.value for language in Language]),
    is_eager=True,
    expose_value=False,
    callback=lambda _context, _param, value: asked_for(value),
    help=Name(
        zh="答复所用语言；不给则看 GRID36_LANG，再看终端的语言（LANG）。",
        en="Language of answers; else GRID36_LANG, else that of the terminal (LANG).",
    ),
)
def grid36() -> None:
    """City-grid management on Kafka: one report, one responsible person, measured minutes.

    \b
    Try it:            grid36 up            then open the printed links
    Send a report:     grid36 report --text "greasy pavement" --address "12 Hubin South Road"
    See what happened: grid36 case NUMBER   grid36 stats   grid36 balance --deep

    Exit codes: 0 done, 1 the answer is no, 2 wrong use or input, 3 a needed service is away.
    Settings: GRID36_* variables; flags go over them.
    """


def main() -> None:
    """The command as a program."""
    set_up_plain()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # answers hold Chinese, whatever the terminal says it can show
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run())


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code. An error says what was wrong and what to do, and nothing else."""
    asked_for(None)
    try:
        code = grid36.main(arguments, standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001  # this is where every error ends
        return failed(error)
    finally:
        asked_for(None)
    return code if isinstance(code, int) else 0
