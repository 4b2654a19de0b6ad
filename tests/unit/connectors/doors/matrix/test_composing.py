from connectors.chat.messages import Button, Outgoing, Pin
from connectors.doors.matrix.composing import button_parts, part_id, photo_part, pin_part, words_part
from schemas.names import Language

BUTTONS = tuple(Button(label=f"choice {n}", value=f"v{n}") for n in range(12))
MESSAGE = Outgoing(id="r/1", chat="!r:h", text="Fixed?", language=Language.EN)


def test_words_alone() -> None:
    part = words_part(MESSAGE)
    assert part.type == "m.room.message"
    assert part.content == {"msgtype": "m.text", "body": "Fixed?", "m.mentions": {}}


def test_choices_are_a_numbered_list_in_the_language_of_the_person() -> None:
    body = words_part(MESSAGE.model_copy(update={"buttons": BUTTONS[:2], "link": "https://h/1"})).content["body"]
    assert body == "Fixed?\n\n1️⃣ choice 0\n2️⃣ choice 1\n\nTap a number below, or answer with it.\n\nhttps://h/1"


def test_as_many_buttons_as_there_are_keys() -> None:
    parts = list(button_parts(MESSAGE.model_copy(update={"buttons": BUTTONS}), "$m"))
    assert len(parts) == 10
    assert parts[0].content == {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$m", "key": "1️⃣"}}


def test_each_part_has_an_id_of_its_own_that_stays_the_same() -> None:
    pin = Pin(lon=1, lat=2)
    parts = [
        words_part(MESSAGE),
        *(photo_part(MESSAGE, n, "mxc://h/a", {}) for n in range(2)),
        pin_part(MESSAGE, pin),
        *button_parts(MESSAGE.model_copy(update={"buttons": BUTTONS}), "$m"),
    ]
    ids = [part.id for part in parts]
    assert len(set(ids)) == len(ids)
    assert ids[0] == words_part(MESSAGE).id
    assert all(id.replace("-", "").isalnum() for id in ids)
    assert part_id("a", "words") != part_id("b", "words")


def test_a_pin_without_a_name_shows_its_degrees() -> None:
    content = pin_part(MESSAGE, Pin(lon=118.08, lat=24.46)).content
    assert content["body"] == content["geo_uri"] == "geo:24.460000,118.080000"
