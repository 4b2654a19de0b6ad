"""Ends processes that a killed `up` left behind, found by their home and ended by their own ids."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from grid36.machine.broker import Broker
from grid36.machine.home import Home
from grid36.machine.process_identity import born, end
from schemas.names import Language
from texts.catalogue import say

LIMIT_S = 12.0
BROKER_LIMIT_S = 25.0


def orphans(home: Home) -> list[dict[str, Any]]:
    """Rows `{"name", "pid", "born"}` of processes that live here without an `up` that watches them."""
    if home.supervisor() is not None:
        return []
    rows = {row["name"]: row for row in home.living()}
    if "broker" not in rows and (pid := Broker(home.folder).pid()) is not None:  # `up` died before it took note
        rows["broker"] = {"name": "broker", "pid": pid, "born": born(pid)}
    return list(rows.values())


def end_orphans(home: Home, echo: Callable[[str], None], language: Language = Language.EN) -> list[str]:
    """End them, Kafka last; their names."""
    found = orphans(home)
    if not found:
        return []
    names = [str(row["name"]) for row in found]
    echo(say(language, "system.up.ending_orphans", names=", ".join(names)))
    others = [row for row in found if row["name"] != "broker"]
    with ThreadPoolExecutor(max(1, len(others))) as pool:
        list(pool.map(lambda row: end(row["pid"], row["born"], LIMIT_S), others))
    for row in found:
        if row["name"] == "broker":
            end(row["pid"], row["born"], BROKER_LIMIT_S)
    return names
