"""What makes a case worth a second look. An alert is said with the event that raised it, and never blocks anything."""

from collections.abc import Sequence
from typing import Any, Final

from rules.decision.builder import DecisionBuilder
from schemas.case import Alert, Case
from schemas.report import Photo

MOST_HOPS: Final = 1
"""Changes of assignee that are no cause for an alert."""


def handed_over(case: Case, assignee: str | None) -> dict[str, Any]:
    """What changes when `assignee` gets the case: one hop more unless they have it, and above one hop an alert."""
    if assignee == case.assignee:
        return {"hops": case.hops}
    hops = case.hops + 1
    return {"hops": hops} | _with(case, Alert.HOPS, hops - case.raises > MOST_HOPS)


def raised_to(case: Case, assignee: str | None) -> dict[str, Any]:
    """The same when it was raised by decision: a hop, but nothing to look at again."""
    return {"hops": case.hops} if assignee == case.assignee else {"hops": case.hops + 1, "raises": case.raises + 1}


def hop_facts(case: Case, now: dict[str, Any]) -> dict[str, Any]:
    """What readers see with it: the count, each time that it rises above one."""
    hops, raises = now.get("hops", case.hops), now.get("raises", case.raises)
    return {"alerts": [Alert.HOPS], "hops": hops} if hops - raises > max(MOST_HOPS, case.hops - case.raises) else {}


def same_photos(proofs: Sequence[Photo], builder: DecisionBuilder, case: Case, *, role: str = "") -> list[str]:
    """Digests of after-photos that were handed in for this case before: as what it looked like, or as earlier proof.

    With `role` only what was written as that counts.
    """
    if not proofs or not any(ref.photos for ref in case.texts):  # else all its words would be read for nothing
        return []
    earlier = (words for words in builder.words_of(case) if role in {"", words.role})
    seen = {photo.digest for words in earlier for photo in words.photos}
    return list(dict.fromkeys(photo.digest for photo in proofs if photo.digest in seen))


def photos_judged(case: Case, same: list[str]) -> dict[str, Any]:
    """What changes with new after-photos: the alert goes with those it was about."""
    kept = tuple(alert for alert in case.alerts if alert is not Alert.SAME_PHOTO)
    judged = (*kept, Alert.SAME_PHOTO) if same else kept
    return {} if judged == case.alerts else {"alerts": judged}


def photo_facts(same: list[str]) -> dict[str, Any]:
    """What readers are told with it."""
    return {"alerts": [Alert.SAME_PHOTO], "photos": same} if same else {}


def _with(case: Case, alert: Alert, raised: bool) -> dict[str, Any]:
    return {"alerts": (*case.alerts, alert)} if raised and alert not in case.alerts else {}
