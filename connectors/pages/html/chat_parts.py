"""Parts of the chat page: where messages appear, where they are written, and how a place is given."""

import htpy as h

from connectors.pages.html.chat_layout import words_of
from connectors.pages.html.icons import icon
from connectors.pages.html.viewer import Viewer
from texts.catalogue import say


def log(viewer: Viewer) -> h.Element:
    """Messages: `lines` are those the server has, `pending` those that wait on the phone."""
    return h.div("#log", role="log", aria_live="off", aria_label=words_of(viewer, "log"), tabindex="0")[
        h.div("#lines"), h.div("#pending")
    ]


def composer(viewer: Viewer) -> h.Element:
    """The field for words, with photo, place and voice beside it; a browser that cannot record does not offer it."""
    photo = h.label(".tool")[
        h.input("#photo", type="file", accept="image/*", multiple=True),
        icon("report"),
        h.span[words_of(viewer, "photo")],
    ]
    place = h.button("#place.tool", type="button", aria_expanded="false", aria_controls="sheet")[
        icon("pin"), h.span[words_of(viewer, "place")]
    ]
    voice = h.button("#voice.tool", type="button", hidden=True)[icon("mic"), h.span[words_of(viewer, "voice")]]
    menu = say(viewer.language, "chat.words.help").partition("|")[0]  # words that the conversation understands
    asked = h.button(".tool.ask", type="button", data_say=menu)[icon("dots"), h.span[words_of(viewer, "menu")]]
    field = h.textarea(
        "#text", name="text", rows="1", maxlength="4000", aria_label=words_of(viewer, "message"),
        placeholder=words_of(viewer, "message_hint"), enterkeyhint="send",
    )  # fmt: skip
    send = h.button("#send.button.main", type="submit")[icon("sent"), h.span[words_of(viewer, "send")]]
    return h.form("#compose", aria_label=words_of(viewer, "compose"))[
        h.div("#quote", hidden=True),
        h.div("#recording", hidden=True)[
            h.span("#recorded", role="timer"),
            h.button("#record-stop.button", type="button")[icon("sent"), h.span[words_of(viewer, "record.send")]],
            h.button("#record-drop.button", type="button")[icon("cross"), h.span[words_of(viewer, "record.drop")]],
        ],
        h.div(".tools")[photo, place, voice, asked],
        h.div(".line")[field, send],
    ]


def sheet(viewer: Viewer) -> h.Element:
    """The place: the phone's own, a pin on the map that is loaded when it is wanted, or an address."""
    keys = [
        h.button(".zoom", type="button", data_zoom=name, aria_label=words_of(viewer, f"sheet.{name}"))[icon(sign)]
        for name, sign in (("in", "plus"), ("out", "minus"))
    ]
    example = viewer.address_example()
    return h.section("#sheet", hidden=True, aria_labelledby="sheet-title")[
        h.div(".top")[
            h.h2("#sheet-title")[words_of(viewer, "sheet.title")],
            h.button("#sheet-close.button", type="button")[icon("cross"), h.span[words_of(viewer, "sheet.close")]],
        ],
        h.button("#here.button", type="button", hidden=True)[icon("here"), h.span[words_of(viewer, "sheet.here")]],
        h.p("#no-here.quiet", hidden=True)[words_of(viewer, "sheet.no_here")],
        h.form("#address")[
            h.label[
                h.span(".label")[words_of(viewer, "sheet.address")],
                h.input(type="text", name="address", maxlength="500", autocomplete="off", placeholder=example),
            ],
            h.button(".button", type="submit")[icon("sent"), h.span[words_of(viewer, "sheet.send_address")]],
        ],
        h.p(".label")[words_of(viewer, "sheet.map")],
        h.div(".mapbox")[h.div("#map"), h.div(".keys")[keys]],
        h.p("#where", role="status"),
        h.button("#point.button.main", type="button", disabled=True)[
            icon("pin"), h.span[words_of(viewer, "sheet.send_point")]
        ],
    ]
