"""Voice messages on pages: a player where browsers play the format, and always a way to save the file."""

from collections.abc import Iterable

import htpy as h

from connectors.intake.recordings.formats import TYPES, UNPLAYABLE, address_of
from connectors.pages.html.viewer import Viewer
from schemas.report import Recording


def recordings(viewer: Viewer, recorded: Iterable[Recording]) -> list[h.Element]:
    """One element for each."""
    return [_recording(viewer, each) for each in recorded]


def _recording(viewer: Viewer, recording: Recording) -> h.Element:
    words, address = viewer.words, address_of(recording)
    save = h.a(href=f"{address}?download", download=True)[words("recording.save")]
    if recording.format in UNPLAYABLE:
        return h.p(".recording")[words("recording.unplayable", format=recording.format.upper()), " ", save]
    player = h.audio(controls=True, preload="none", aria_label=words("recording"))[
        h.source(src=address, type=TYPES.get(recording.format))
    ]
    return h.p(".recording")[player, save]
