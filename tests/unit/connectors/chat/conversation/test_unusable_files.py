"""A file that could not be used: the person hears why in words, and what they wrote below it counts."""

import pytest

from connectors.chat.messages import Media, MediaKind, SentMedia
from schemas.names import Language
from tests.worlds.chats import Chatting


@pytest.mark.parametrize(("language", "words"), [(Language.EN, "The photo is over 20 MB"), (Language.ZH, "20 MB")])
def test_why_in_words_with_its_limit(language: Language, words: str) -> None:
    chat = Chatting()
    chat.knows(language=language)
    media = Media(kind=MediaKind.PHOTO, ref="x")
    chat.does(SentMedia(media=media, trouble="photo_too_large", trouble_limit=20))
    assert words in chat.last


def test_the_words_below_it_count() -> None:
    chat = Chatting()
    media = Media(kind=MediaKind.FILE, ref="x")
    chat.does(SentMedia(media=media, trouble="photo_unreadable", text="greasy pavement"))
    chat.wait(10)
    assert chat.said[0].text.startswith("This is not a readable photo")
    assert chat.last.startswith("Where is it?")
