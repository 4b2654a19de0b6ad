"""What runs where, what is wrong, and how to go on: answered in two seconds, also with the broker away."""

import json
import re
import socket
import urllib.request
from contextlib import suppress
from time import time
from typing import Any

from grid36.machine.home import Home, read_json
from grid36.machine.process_identity import is_alive, is_same, is_stopped
from grid36.settings import Settings
from schemas.names import Language, Name
from streams.kafka.listening import addresses

QUICK_S = 0.4
SILENT_S = 15.0
"""A worker says how it is every second; after this long it counts as stuck."""
NOTHING = Name(zh="这里没有正在运行的系统。启动：grid36 up", en="Nothing is up here. Start it: grid36 up")
NOTHING_HERE = Name(
    zh="{home} 下没有 Grid36 在运行；使用此 Kafka 的其他机器从这里看不到。"
    "在此启动全部：grid36 up。或单个进程：grid36 worker、grid36 gateway、grid36 ledger run",
    en="Nothing of Grid36 runs under {home}, and what runs on other machines with this Kafka is not seen from here. "
    "Start all of it here: grid36 up. Or one process: grid36 worker, grid36 gateway, grid36 ledger run",
)
UNWATCHED = Name(
    zh="grid36 up 已被强行结束，这些进程无人看管。重新接管：grid36 up",
    en="`grid36 up` was killed, and nobody watches these processes. Start it again to watch them: grid36 up",
)
NO_KAFKA = Name(
    zh="Kafka 没有应答。上报照常接收并妥善保存；其余等它恢复。",
    en="Kafka does not answer. Reports are accepted and wait safely; nothing else moves until it is back.",
)
KAFKA_SILENT = Name(
    zh="{kafka} 的 Kafka 没有应答。它是否在运行，地址是否正确？",
    en="Kafka at {kafka} does not answer. Is it running, and is the address right?",
)
NO_GATEWAY = Name(
    zh="网关没有应答，会自动重新启动；其日志：{log}",
    en="The gateway does not answer. It is started again by itself; its log: {log}",
)
PARKED = Name(
    zh="{reports} 件上报和 {actions} 次操作无法处理，已搁置。查看：grid36 parked",
    en="{reports} reports and {actions} acts could not be processed and are parked. See them: grid36 parked",
)
STOPPED = Name(
    zh="{name} 被信号暂停。让它继续：kill -CONT {pid}",
    en="{name} was stopped by a signal and does not run. Let it go on: kill -CONT {pid}",
)
NOT_RUNNING = Name(zh="{name}：{state}。{says}日志：{log}", en="{name}: {state}.{says} Its log: {log}")
SAYS = Name(zh="它说：{says} ", en=" It says: {says}")
SILENT = Name(
    zh="{name} 已 {s} 秒没有消息。请结束它，它会重新启动：kill {pid}",
    en="{name} has said nothing for {s} s. End it, it is started again: kill {pid}",
)
DOING = Name(zh="{name}：{doing}", en="{name}: {doing}")
COMING_UP = {
    NOTHING: Name(zh="正在启动", en="starting"),
    NO_KAFKA: Name(zh="正在等待 Kafka", en="waiting for Kafka"),
}

STATES = [
    (re.compile(pattern), words)
    for pattern, words in (
        ("running", "运行中"),
        ("starting", "正在启动"),
        ("ended", "已结束"),
        ("stopped", "已暂停"),
        (r"ended with (\S+), starts again in (\S+) s", "退出码 {}，{} 秒后重新启动"),
        (r"cannot be started \((.*)\), starts again in (\S+) s", "无法启动（{}），{} 秒后重试"),
        ("waiting for Kafka", "正在等待 Kafka"),
        ("waiting for partitions", "正在等待分区"),
        ("rebuilding", "正在重建"),
        ("joining", "正在加入"),
        ("broken", "出错"),
    )
]
"""The Chinese of what a home keeps in English, for programs."""


def status(settings: Settings, language: Language = Language.EN) -> dict[str, Any]:
    """`processes`, `urls`, `kafka`, and what a person should know: `problems` with a remedy each, `waiting`.

    Reads files and asks each port once; never waits long and never fails. Programs are told in English.
    """
    home = Home(settings.home)
    state = home.read()
    watched = home.supervisor() is not None
    rows = state.get("processes", []) if watched else home.living()
    if not rows and not watched:
        return _nothing_of_ours(settings, home, language)
    problems = [] if watched else [UNWATCHED.to(language)]
    return _answer(home, rows, state["urls"], state["kafka"], problems, language)


def is_ready(answer: dict[str, Any]) -> bool:
    """Whether every process runs and answers."""
    names = {row["name"].split("-")[0] for row in answer["processes"] if row["state"] == "running"}
    return {"worker", "gateway", "ledger"} <= names and not answer["waiting"]


def coming_up(answer: dict[str, Any], language: Language) -> str:
    """What a system that is starting waits for; the answer is in the same language."""
    known = {problem.to(language): words.to(language) for problem, words in COMING_UP.items()}
    return known.get(answer["waiting"], str(answer["waiting"]))


def _nothing_of_ours(settings: Settings, home: Home, language: Language) -> dict[str, Any]:
    """No `up` was here: a container of compose, one process of a cluster, or nothing at all."""
    said = {name: own for name, own in home.said().items() if "born" not in own or is_same(own["pid"], own["born"])}
    rows = [{"name": n, "pid": own["pid"], "born": own.get("born"), "state": "running"} for n, own in said.items()]
    urls = {name: str(own["address"]) for name, own in said.items() if "address" in own}
    nothing = (NOTHING if settings.kafka is None else NOTHING_HERE).to(language).format(home=home.folder)
    problems = [] if rows else [nothing]
    return _answer(home, rows, urls, settings.kafka or "", problems, language)


def _answer(
    home: Home, rows: list[dict[str, Any]], urls: dict[str, str], kafka: str, problems: list[str], language: Language
) -> dict[str, Any]:
    processes = [_process(row, home) for row in rows]
    health = _health(urls)
    if kafka and not _listens(kafka):
        problems = [*problems, (NO_KAFKA if rows else KAFKA_SILENT).to(language).format(kafka=kafka)]
    wrong = [problem for row in processes if (problem := _wrong_with(row, home, language))]
    if urls and health is None and not wrong:
        wrong = [NO_GATEWAY.to(language).format(log=home.logs / "gateway.log")]
    problems = [*problems, *wrong]
    waiting, parked = problems[0] if problems else "", _parked(home)
    if any(parked.values()):
        problems = [*problems, PARKED.to(language).format(**parked)]
    told = {"processes": processes, "urls": urls, "kafka": kafka, "problems": problems, "waiting": waiting}
    asked = {} if health is None else {"outbox": health.get("outbox"), "mode": health.get("mode")}
    return told | {"parked": parked} | asked


def _process(row: dict[str, Any], home: Home) -> dict[str, Any]:
    """One process as people see it; what it says of itself is added."""
    name, pid, state = row["name"], row["pid"], row["state"]
    lives = is_alive(pid) if row.get("born") is None else is_same(pid, row["born"])
    if state == "running":
        state = "ended" if not lives else "stopped" if is_stopped(pid) else "running"
    shown: dict[str, Any] = {"name": name, "pid": pid if lives else None, "state": state}
    if row.get("restarts"):
        shown["restarts"] = row["restarts"]
    if row.get("says"):
        shown["says"] = row["says"]
    own = read_json(home.status_file(name))
    if lives and own.get("pid") == pid:
        if own.get("alarms"):
            shown["alarms"] = own["alarms"]
        if "partitions" in own:
            shown["partitions"] = sum(bool(one.get("ready")) for one in own["partitions"])
            shown["doing"] = own.get("state", "")
            shown["silent_s"] = max(0, round(time() - own.get("at_ms", 0) / 1000))
    elif lives and name.startswith("worker"):
        shown["doing"] = "starting"
    return shown


def _wrong_with(row: dict[str, Any], home: Home, language: Language) -> str | None:
    """What is wrong with a process and how to go on, in a sentence; None when it is well."""
    name, state, doing = row["name"], row["state"], row.get("doing", "running")
    if state == "stopped":
        return STOPPED.to(language).format(name=name, pid=row["pid"])
    if state != "running":
        says = SAYS.to(language).format(says=row["says"]) if row.get("says") else ""
        log = f"{home.logs / name}.log"
        return NOT_RUNNING.to(language).format(name=name, state=state_words(state, language), says=says, log=log)
    if row.get("silent_s", 0) > SILENT_S:
        return SILENT.to(language).format(name=name, s=row["silent_s"], pid=row["pid"])
    return None if doing == "running" else DOING.to(language).format(name=name, doing=state_words(doing, language))


def state_words(state: str, language: Language) -> str:
    """How a process is, as `processes` writes it down, for people."""
    if language is not Language.ZH:
        return state
    for pattern, words in STATES:
        if found := pattern.fullmatch(state):
            return words.format(*found.groups())
    return state


def _parked(home: Home) -> dict[str, int]:
    """Reports and acts set aside, as the workers of this home know from their partitions; the newest word counts."""
    newest: dict[tuple[str, int], tuple[int, dict[str, Any]]] = {}
    for file in home.status_file("").parent.glob("worker*.json"):
        own = read_json(file)
        for one in own.get("partitions", []):
            place, at = (str(one.get("topic")), int(one.get("partition", 0))), int(own.get("at_ms", 0))
            if one.get("ready") and at >= newest.get(place, (0, {}))[0]:
                newest[place] = at, one.get("bookkeeping") or {}
    kept = [bookkeeping for _, bookkeeping in newest.values()]
    reports = sum(one.get("parked_reports", 0) + one.get("counts", {}).get("parked", 0) for one in kept)
    return {"reports": reports, "actions": sum(one.get("parked_actions", 0) for one in kept)}


def _listens(servers: str) -> bool:
    """Whether one of the servers takes connections."""
    for address in addresses(servers):
        with suppress(OSError), socket.create_connection(address, QUICK_S):
            return True
    return False


def _health(urls: dict[str, str]) -> dict[str, Any] | None:
    """What the gateway says of itself."""
    host = "/".join(next(iter(urls.values()), "").split("/")[:3])
    try:
        with urllib.request.urlopen(f"{host}/health", timeout=QUICK_S) as answer:  # noqa: S310  # our own address
            said = json.loads(answer.read())
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None
