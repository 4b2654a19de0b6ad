"""Collects past names from every list and region that was ever in force in a system."""

import json
from collections.abc import Iterator
from typing import Any

from schemas.content import content_address
from schemas.past_names import PastNames, names_in
from schemas.region import Region
from schemas.rulebook import Rulebook
from streams.rulebooks.topic import Records, switches_in, system_in, text_in


def past_names(records: Records, t_ms: int, region: Region, rulebook: Rulebook) -> PastNames:
    """What `rulebooks` says that was called how before `t_ms`, without what these two, which are in force, have."""
    was = names_in(_contents(records, t_ms, {content_address(region), content_address(rulebook)}))
    present = names_in([region.model_dump(mode="json"), rulebook.model_dump(mode="json")])
    gone = {
        kind: {id: name for id, name in names.items() if id not in present.get(kind, {})} for kind, names in was.items()
    }
    return {kind: names for kind, names in gone.items() if names}


def _contents(records: Records, t_ms: int, present: set[str]) -> Iterator[dict[str, Any]]:
    system = system_in(records)
    if system is None:
        return
    switches = [switch for switch in switches_in(records) if switch.effective_ms <= t_ms]
    digests = [system.rulebook, system.region, *(d for each in switches for d in (each.rulebook, each.region))]
    for digest in dict.fromkeys(digests):
        text = None if digest in present else text_in(records, digest)
        try:
            content = json.loads(text or "{}")
        except ValueError:
            continue
        if isinstance(content, dict):
            yield content
