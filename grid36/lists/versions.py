"""The versions of the list as the lists page shows them: told by who follows the log, never asked for by a page."""

import json
import re
from collections.abc import Mapping
from typing import Final

from connectors.lists.desk import ListVersion
from grid36.system.versions import Version, versions_in
from schemas.codec import UnreadableError
from streams.rulebooks.activation import NotCreatedError
from streams.rulebooks.topic import Records, text_in

_CONTENT: Final = re.compile(r"[0-9a-f]{32}/\d+")
"""The key of a part of a region or a rulebook."""


class HeardVersions:
    """What `rulebooks` said last; safe to ask from any thread."""

    def __init__(self) -> None:
        self._records: Records = {}
        self._texts: dict[str, Mapping[str, str]] = {}

    def hear(self, records: Records) -> None:
        """All of `rulebooks`, as it is now. Content is read once; of the records, only switches are kept."""
        for version in _versions(records, 0):
            if version.rulebook not in self._texts:
                self._texts[version.rulebook] = _named(records, version.rulebook)
        light = {key: value for key, value in records.items() if not _CONTENT.fullmatch(key)}
        self._records = light | {
            key: b"" for key in records.keys() - light.keys() if key.endswith("/0")
        }  # that it is there is enough

    def versions(self, t_ms: int) -> tuple[ListVersion, ...]:
        """As of a time (ms UTC), in order of time; empty before anything was heard."""
        return tuple(self._shown(version) for version in _versions(self._records, t_ms))

    def _shown(self, version: Version) -> ListVersion:
        named, made = self._texts.get(version.rulebook, {}), version.switch
        if made is None:
            return ListVersion(version.rulebook, version.state, named.get("name", ""), by=named.get("author", ""))
        note = made.note or named.get("note", "")
        return ListVersion(
            version.rulebook, version.state, named.get("name", ""), made.effective_ms, made.by, made.at_ms, note,
            made.in_flight, made.proposed_by,
        )  # fmt: skip


def _versions(records: Records, t_ms: int) -> tuple[Version, ...]:
    try:
        return versions_in(records, t_ms)
    except NotCreatedError:
        return ()


def _named(records: Records, digest: str) -> Mapping[str, str]:
    """What it is called, by whom and why; nothing of content that somebody else wrote there."""
    try:
        content = json.loads(text_in(records, digest) or "{}")
    except (ValueError, UnreadableError):
        return {}
    told = content if isinstance(content, dict) else {}
    return {name: told[name] for name in ("name", "author", "note") if isinstance(told.get(name), str)}
