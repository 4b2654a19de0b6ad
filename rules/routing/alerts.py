"""Raises alerts on cases that deserve a second look. The event that raises one records it; it never blocks."""

from collections.abc import Sequence
from typing import Any, Final

from rules.decision.builder import DecisionBuilder
from schemas.case import Alert, Case
from schemas.likeness import alike
from schemas.report import Photo

MOST_HOPS: Final = 1
"""How many changes of assignee raise no alert."""


def handed_over(case: Case, assignee: str | None) -> dict[str, Any]:
    """The change when `assignee` gets the case: one more hop unless they have it, and an alert above one hop."""
    if assignee == case.assignee:
        return {"hops": case.hops}
    hops = case.hops + 1
    return {"hops": hops} | _with(case, Alert.HOPS, hops - case.raises > MOST_HOPS)


def raised_to(case: Case, assignee: str | None) -> dict[str, Any]:
    """The same for a raise by decision: a hop without an alert."""
    return {"hops": case.hops} if assignee == case.assignee else {"hops": case.hops + 1, "raises": case.raises + 1}


def hop_facts(case: Case, now: dict[str, Any]) -> dict[str, Any]:
    """Facts for readers: the count, whenever it rises above one."""
    hops, raises = now.get("hops", case.hops), now.get("raises", case.raises)
    return {"alerts": [Alert.HOPS], "hops": hops} if hops - raises > max(MOST_HOPS, case.hops - case.raises) else {}


def same_photos(proofs: Sequence[Photo], builder: DecisionBuilder, case: Case, *, role: str = "") -> list[str]:
    """Digests of after-photos that equal or resemble one already submitted for this case, before or after the work.

    With `role`, only texts of that role count.
    """
    if not proofs or not any(ref.photos for ref in case.texts):  # else all its texts would be read in vain
        return []
    earlier = (words for words in builder.words_of(case) if role in {"", words.role})
    seen = [photo for words in earlier for photo in words.photos]
    return list(dict.fromkeys(photo.digest for photo in proofs if any(_same(photo, other) for other in seen)))


def _same(one: Photo, other: Photo) -> bool:
    return one.digest == other.digest or alike(one.dhash, other.dhash)


def photos_judged(case: Case, same: list[str]) -> dict[str, Any]:
    """The change with new after-photos: the alert goes if its photos are replaced."""
    others = tuple(alert for alert in case.alerts if alert is not Alert.SAME_PHOTO)
    judged = (*others, Alert.SAME_PHOTO) if same else others
    return {} if judged == case.alerts else {"alerts": judged}


def photo_facts(same: list[str]) -> dict[str, Any]:
    """Facts for readers."""
    return {"alerts": [Alert.SAME_PHOTO], "photos": same} if same else {}


def _with(case: Case, alert: Alert, raised: bool) -> dict[str, Any]:
    return {"alerts": (*case.alerts, alert)} if raised and alert not in case.alerts else {}
