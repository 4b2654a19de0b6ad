"""Messages as the page shows them: the body of a line of the transcript."""

from collections.abc import Mapping
from typing import Any, Final

from connectors.chat.messages import Content, Edited, Outgoing, Pressed, SentMedia, SharedPosition, Withdrawn, Wrote

MOST_LABEL: Final = 80


def shown_outgoing(message: Outgoing) -> dict[str, Any]:
    """What the bot says; what is empty is left out."""
    pin = message.pin
    every: dict[str, Any] = {
        "text": message.text,
        "buttons": [{"label": button.label, "value": button.value} for button in message.buttons],
        "photos": list(message.photos),
        "recordings": [each.model_dump(mode="json", exclude_none=True) for each in message.recordings],
        "pin": None if pin is None else {"lon": pin.lon, "lat": pin.lat, "label": pin.label},
        "link": message.link,
        "case": message.case,
        "lang": message.language.value,
    }
    return {name: value for name, value in every.items() if value}


def shown_incoming(content: Content, fields: Mapping[str, str]) -> dict[str, Any] | None:
    """What a person sent; None for what makes no line, such as having come."""
    body: dict[str, Any] = {"kind": content.kind}
    match content:
        case Wrote(text=text):
            body["text"] = text
        case SentMedia(text=text, media=media):
            body |= {"text": text, "file": media.kind.value}
        case SharedPosition(lon=lon, lat=lat, label=label):
            body |= {"lon": lon, "lat": lat, "text": label}
        case Pressed(value=value):
            body |= {"value": value, "text": fields.get("label", "")[:MOST_LABEL]}
        case Withdrawn(of=of):
            body["of"] = of
        case Edited(of=of, text=text):
            body |= {"of": of, "text": text}
        case _:
            return None
    quotes = fields.get("quotes", "")[:200]
    return {**body, "quotes": quotes} if quotes else body
