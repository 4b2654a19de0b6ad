"""What runs where, what is wrong, and how to go on: answered in two seconds, also with the broker away."""

import json
import re
import socket
import urllib.request
from contextlib import suppress
from functools import partial
from time import time
from typing import Any

from connectors.subscriptions.errors import SubscriptionsUnwritableError
from connectors.subscriptions.standing import every_standing
from connectors.subscriptions.store import look_at_subscriptions
from connectors.subscriptions.subscription import SubscriptionState
from grid36.machine.home import Home, read_json
from grid36.machine.own_tls import own_tls
from grid36.machine.process_identity import is_alive, is_same, is_stopped
from grid36.settings import Settings
from schemas.names import Language
from streams.kafka.listening import addresses
from texts.catalogue import say

QUICK_S = 0.4
SILENT_S = 15.0
"""A worker says how it is at least every five seconds; after this long it counts as stuck."""


BEHIND_MS = 60_000
"""A subscriber that takes nothing for longer is told of."""

COMING_UP = {
    "system.status.nothing": "system.status.coming_up.nothing",
    "system.status.kafka_away": "system.status.coming_up.kafka_away",
}

STATES = [
    (re.compile(pattern), f"system.state.{key}")
    for pattern, key in (
        ("running", "running"),
        ("starting", "starting"),
        ("ended", "ended"),
        ("stopped", "stopped"),
        (r"ended with (?P<code>\S+), starts again in (?P<seconds>\S+) s", "ended_with"),
        (r"cannot be started \((?P<why>.*)\), starts again in (?P<seconds>\S+) s", "not_started"),
        ("waiting for Kafka", "waiting_for_kafka"),
        ("waiting for partitions", "waiting_for_partitions"),
        ("waiting for the system to be created: .*", "waiting_for_system"),
        ("rebuilding", "rebuilding"),
        ("joining", "joining"),
        ("broken", "broken"),
    )
]
"""What a home keeps in English, for programs, and what it is for people."""


def status(settings: Settings, language: Language = Language.EN) -> dict[str, Any]:
    """`processes`, `urls`, `kafka`, and what a person should know: `problems` with a remedy each, `waiting`.

    Reads files and asks each port once; never waits long and never fails. Programs get English.
    """
    home = Home(settings.home)
    state = home.read()
    watched = home.supervisor() is not None
    rows = state.get("processes", []) if watched else home.living()
    if not rows and not watched:
        return _nothing_of_ours(settings, home, language)
    problems = [] if watched else [say(language, "system.status.unwatched")]
    return _answer(home, rows, state["urls"], state["kafka"], problems, language)


def is_ready(answer: dict[str, Any]) -> bool:
    """Whether every process runs and answers."""
    names = {row["name"].split("-")[0] for row in answer["processes"] if row["state"] == "running"}
    return {"worker", "gateway", "ledger"} <= names and not answer["waiting"]


def kafka_away(language: Language) -> str:
    """The problem that Kafka does not answer, as an answer has it."""
    return say(language, "system.status.kafka_away")


def coming_up(answer: dict[str, Any], language: Language) -> str:
    """What a system that is starting waits for; the answer is in the same language."""
    known = {say(language, problem): say(language, words) for problem, words in COMING_UP.items()}
    return known.get(answer["waiting"], str(answer["waiting"]))


def _nothing_of_ours(settings: Settings, home: Home, language: Language) -> dict[str, Any]:
    """No `up` was here: a container of compose, one process of a cluster, or nothing at all."""
    said = {name: own for name, own in home.said().items() if "born" not in own or is_same(own["pid"], own["born"])}
    rows = [{"name": n, "pid": own["pid"], "born": own.get("born"), "state": "running"} for n, own in said.items()]
    urls = {name: str(own["address"]) for name, own in said.items() if "address" in own}
    if settings.kafka is None:
        nothing = say(language, "system.status.nothing")
    else:
        nothing = say(language, "system.status.nothing_here", home=home.folder)
    problems = [] if rows else [nothing]
    return _answer(home, rows, urls, settings.kafka or "", problems, language)


def _answer(
    home: Home, rows: list[dict[str, Any]], urls: dict[str, str], kafka: str, problems: list[str], language: Language
) -> dict[str, Any]:
    processes = [_process(row, home) for row in rows]
    health = _health(home, urls)
    if kafka and not _listens(kafka):
        problems = [
            *problems,
            kafka_away(language) if rows else say(language, "system.status.kafka_silent", kafka=kafka),
        ]
    wrong = [problem for row in processes if (problem := _wrong_with(row, home, language))]
    if urls and health is None and not wrong:
        wrong = [say(language, "system.status.no_gateway", log=home.logs / "gateway.log")]
    for name, says in ((health or {}).get("closed_doors") or {}).items():
        wrong.append(say(language, "system.status.closed_door", name=name, says=says.get(language, "")))
    problems = [*problems, *wrong]
    waiting, parked = problems[0] if problems else "", _parked(home)
    if any(parked.values()):
        reports = say(language, "system.status.parked_reports", n=parked["reports"])
        acts = say(language, "system.status.parked_acts", n=parked["actions"])
        problems = [*problems, say(language, "system.status.parked", reports=reports, acts=acts)]
    problems = [*problems, *_subscribers(home, language)]
    status = {"processes": processes, "urls": urls, "kafka": kafka, "problems": problems, "waiting": waiting}
    asked = {} if health is None else {"outbox": health.get("outbox"), "mode": health.get("mode")}
    return status | {"parked": parked} | asked


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
        return say(language, "system.status.stopped", name=name, pid=row["pid"])
    if state != "running":
        says = say(language, "system.status.says", says=row["says"]) if row.get("says") else ""
        log = f"{home.logs / name}.log"
        return say(
            language, "system.status.not_running", name=name, state=state_words(state, language), says=says, log=log
        )
    if row.get("silent_s", 0) > SILENT_S:
        return say(language, "system.status.says_nothing", name=name, s=row["silent_s"], pid=row["pid"])
    if doing == "running":
        return None
    return say(language, "system.status.doing", name=name, doing=state_words(doing, language))


def state_words(state: str, language: Language) -> str:
    """How a process is, as `processes` writes it down, for people."""
    for pattern, key in STATES:
        if found := pattern.fullmatch(state):
            return say(language, key, **found.groupdict())
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


def _subscribers(home: Home, language: Language) -> list[str]:
    """Which subscribers take nothing, and which subscriptions are stopped; nothing of a file that is not there."""
    if not home.subscriptions.exists():
        return []
    try:
        found = look_at_subscriptions(home.subscriptions, partial(every_standing, language=language), QUICK_S)
    except SubscriptionsUnwritableError as fault:
        return [fault.say(language)]
    told = []
    for each in found:
        if each["state"] == SubscriptionState.STOPPED:
            told.append(say(language, "system.status.subscription", **each))
        elif time() * 1000 - each.get("trouble_ms", time() * 1000) > BEHIND_MS:
            minutes = round((time() * 1000 - each["trouble_ms"]) / 60_000)
            told.append(say(language, "system.status.subscription_behind", minutes=minutes, **each))
    return told


def _listens(servers: str) -> bool:
    """Whether one of the servers takes connections."""
    for address in addresses(servers):
        with suppress(OSError), socket.create_connection(address, QUICK_S):
            return True
    return False


def _health(home: Home, urls: dict[str, str]) -> dict[str, Any] | None:
    """What the gateway says of itself."""
    host = "/".join(next(iter(urls.values()), "").split("/")[:3])
    try:
        ours = own_tls(home)
        with urllib.request.urlopen(f"{host}/health", timeout=QUICK_S, context=ours) as answer:  # noqa: S310  # our own address
            said = json.loads(answer.read())
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None
