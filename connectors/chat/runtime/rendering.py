"""What is said becomes messages that a platform can show: pure, and the same each time."""

from typing import Final
from urllib.parse import quote

from connectors.chat.conversation.turn import Say
from connectors.chat.messages import Outgoing, Pin
from connectors.chat.platform import Features
from connectors.intake.recordings.formats import address_of
from schemas.names import Language
from schemas.report import Recording
from texts.catalogue import say

MOST_PARTS: Final = 5
"""A text that would take more messages is cut."""
MAP: Final = "https://uri.amap.com/marker?position={lon:.6f},{lat:.6f}&name={label}&coordinate=wgs84"
"""A page that shows a point, where pins cannot be sent: its vendor says that it takes WGS-84. Not tried on a phone."""
_ENDS: Final = ("\n\n", "\n", "。", "；", ". ", "，", " ")
"""Where a text may be divided, the best place first."""


def rendered(
    said: Say,
    id: str,
    chat: str,
    language: Language,
    features: Features,
    *,
    answers: str = "",
    map_link: str = MAP,
    base: str = "",
) -> list[Outgoing]:
    """The messages of one `Say` in the order of sending. The first has the id `id`, the others ids derived from it.

    Buttons, photos, the pin and the link come with the last one. What the platform cannot show is said in words.
    `base` is the address under which people reach our files, if they do.
    """
    shows_buttons = len(said.buttons) <= features.buttons
    words = [said.text]
    if said.photos and not features.photos:
        words.append(say(language, "delivery.photos", n=len(said.photos)))
    if said.recordings and not features.recordings:
        words += _where_to_listen(said.recordings, language, base)
    if said.pin is not None and not features.pins:
        words.append(say(language, "delivery.map", link=_map(said.pin, map_link)))
    if said.buttons and not shows_buttons:
        words += [f"{n}. {button.label}" for n, button in enumerate(said.buttons, 1)]
        words.append(say(language, "delivery.reply_with_number"))
    parts = split("\n".join(line for line in words if line), features.characters - len(said.link) - 1)
    messages = [
        Outgoing(id=f"{id}.{n}" if n else id, chat=chat, text=part, language=language, case=said.case, kind=said.kind)
        for n, part in enumerate(parts)
    ]
    messages[0] = messages[0].model_copy(update={"answers": answers})
    shown = {
        "buttons": said.buttons if shows_buttons else (),
        "photos": said.photos if features.photos else (),
        "recordings": said.recordings if features.recordings else (),
        "pin": said.pin if features.pins else None,
        "link": said.link,
        "signs_in": said.signs_in,
    }
    messages[-1] = messages[-1].model_copy(update=shown)
    return messages


def _where_to_listen(recordings: tuple[Recording, ...], language: Language, base: str) -> list[str]:
    if not base:
        return [say(language, "delivery.recordings", n=len(recordings))]
    return [say(language, "delivery.recording", link=base + address_of(each)) for each in recordings]


def split(text: str, most: int) -> list[str]:
    """The text in parts of at most `most` characters, divided between paragraphs, sentences or words.

    At least one part; of more than `MOST_PARTS` the rest is cut, and an ellipsis says so.
    """
    parts: list[str] = []
    while len(text) > most and len(parts) < MOST_PARTS - 1:
        end = _end(text, most)
        parts.append(text[:end].rstrip())
        text = text[end:].lstrip()
    if len(text) > most:
        text = text[: most - 1].rstrip() + "…"
    return [part for part in (*parts, text) if part] or [""]


def _end(text: str, most: int) -> int:
    """Where to divide: behind the last good place of what fits, unless little came before, else anywhere."""
    for end in _ENDS:
        at = text.rfind(end, most // 3, most)
        if at >= 0:
            return at + len(end)
    return most


def _map(pin: Pin, template: str) -> str:
    return template.format(lon=pin.lon, lat=pin.lat, label=quote(pin.label, safe=""))
