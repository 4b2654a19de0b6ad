"""All that the lists page works with."""

from dataclasses import dataclass

from connectors.lists.activations import ListActivations
from connectors.lists.approved_changes import ApprovedChanges
from connectors.lists.desk import ListDesk
from connectors.lists.drafts import ListDrafts
from connectors.lists.file import ListsFile
from connectors.lists.keeper import ListKeeper


@dataclass(frozen=True, slots=True)
class Lists:
    """One for each gateway."""

    file: ListsFile
    desk: ListDesk
    drafts: ListDrafts
    activations: ListActivations
    changes: ApprovedChanges
    keeper: ListKeeper
