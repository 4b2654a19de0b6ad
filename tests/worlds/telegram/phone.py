"""A person with a phone: what they do in the app becomes the updates that Telegram makes of it."""

from dataclasses import dataclass
from typing import Any

from tests.worlds.telegram.mailbox import BOT, Json, Mailbox, Sent, now_s

THUMB = 90


@dataclass
class Phone:
    """Somebody in the private chat with the bot, or in a `group`."""

    mail: Mailbox
    id: int = 5001
    language: str = "zh-hans"
    group: int | None = None

    @property
    def chat(self) -> Json:
        """Where they write."""
        if self.group is None:
            return {"id": self.id, "type": "private", "first_name": "Rider"}
        return {"id": self.group, "type": "supergroup", "title": "Street"}

    @property
    def user(self) -> Json:
        """Who they are."""
        return {"id": self.id, "is_bot": False, "first_name": "Rider", "language_code": self.language}

    def heard(self) -> list[Sent]:
        """What the bot sent here."""
        return self.mail.to(self.chat["id"])

    def starts(self, token: str = "") -> Json:
        """Opens the chat, by a link that carries a token or by hand."""
        return self.writes(f"/start {token}".strip())

    def writes(self, text: str, **more: Any) -> Json:
        """Text; the app marks commands and names."""
        return self.sends(text=text, **({"entities": marked(text)} if marked(text) else {}), **more)

    def photo(self, content: bytes, caption: str = "", album: str = "", **more: Any) -> Json:
        """A picture in several sizes, without EXIF."""
        small = self.mail.store(content[:THUMB]) | {"width": 90, "height": 67}
        large = self.mail.store(content) | {"width": 1280, "height": 960}
        return self.sends(photo=[small, large], **_captioned(caption), **_in(album), **more)

    def document(self, content: bytes, mime: str = "image/jpeg", **more: Any) -> Json:
        """A file as it is; a picture keeps its EXIF."""
        file = self.mail.store(content) | {"file_name": "IMG_1.jpg", "mime_type": mime}
        return self.sends(document=file, **more)

    def voice(self, seconds: int = 4, content: bytes = b"OggS", **more: Any) -> Json:
        """A voice message."""
        file = self.mail.store(content) | {"duration": seconds, "mime_type": "audio/ogg"}
        return self.sends(voice=file, **more)

    def position(self, lon: float, lat: float, live_s: int | None = None, **more: Any) -> Json:
        """Where they are, now or while they move."""
        point: Json = {"longitude": lon, "latitude": lat}
        if live_s is not None:
            point |= {"live_period": live_s, "horizontal_accuracy": 12.0, "heading": 90}
        return self.sends(location=point, **more)

    def moves(self, message: Json, lon: float, lat: float) -> Json:
        """A live position goes on."""
        return self._edit(message, location=message["location"] | {"longitude": lon, "latitude": lat})

    def edits(self, message: Json, text: str) -> Json:
        """Another text in the same message."""
        return self._edit(message, **{"text" if "text" in message else "caption": text})

    def presses(self, sent: Sent, label: str) -> str:
        """A button below a message of the bot; the id of the query."""
        message = {"message_id": sent.id, "date": now_s(), "chat": self.chat, "from": BOT, "text": sent.text}
        query = {"id": self.mail.name("query"), "from": self.user, "message": message, "chat_instance": "1"}
        self.mail.push("callback_query", query | {"data": sent.keys[label]})
        return str(query["id"])

    def answers(self, sent: Sent) -> Json:
        """What goes with a message that answers one of the bot."""
        message = {"message_id": sent.id, "date": now_s(), "chat": self.chat, "from": BOT, "text": sent.text}
        return {"reply_to_message": message}

    def blocks(self) -> None:
        """They want no more."""
        self.mail.blocked.add(str(self.chat["id"]))
        self._member("member", "kicked")

    def unblocks(self) -> None:
        """They do."""
        self.mail.blocked.discard(str(self.chat["id"]))
        self._member("kicked", "member")

    def sends(self, **content: Any) -> Json:
        """Any message; returns it."""
        self.mail.known.add(str(self.chat["id"]))
        number = self.mail.next_message(str(self.chat["id"]))
        message = {"message_id": number, "from": self.user, "chat": self.chat, "date": now_s()} | content
        self.mail.push("message", message)
        return message

    def _edit(self, message: Json, **changed: Any) -> Json:
        edited = message | changed | {"edit_date": now_s()}
        self.mail.push("edited_message", edited)
        return edited

    def _member(self, old: str, new: str) -> None:
        until = {"until_date": 0}
        change = {
            "chat": self.chat,
            "from": self.user,
            "date": now_s(),
            "old_chat_member": {"user": BOT, "status": old} | (until if old == "kicked" else {}),
            "new_chat_member": {"user": BOT, "status": new} | (until if new == "kicked" else {}),
        }
        self.mail.push("my_chat_member", change)


def marked(text: str) -> list[Json]:
    """The entities that an app makes: a command at the beginning, names anywhere."""
    found, at = [], 0
    for word in text.split(" "):
        kind = "bot_command" if word.startswith("/") and at == 0 else "mention" if word.startswith("@") else ""
        length = len(word.encode("utf-16-le")) // 2
        if kind and length > 1:
            found.append({"type": kind, "offset": at, "length": length})
        at += length + 1
    return found


def _captioned(caption: str) -> Json:
    return {"caption": caption, "caption_entities": marked(caption)} if caption else {}


def _in(album: str) -> Json:
    return {"media_group_id": album} if album else {}
