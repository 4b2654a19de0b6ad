"""All that the lists page works with."""

from dataclasses import dataclass

from connectors.lists.desk import ListDesk
from connectors.lists.drafts import ListDrafts
from connectors.lists.file import ListsFile


@dataclass(frozen=True, slots=True)
class Lists:
    """One for each gateway."""

    file: ListsFile
    desk: ListDesk
    drafts: ListDrafts
