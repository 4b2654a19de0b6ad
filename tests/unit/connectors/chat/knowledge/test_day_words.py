from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from connectors.chat.knowledge.day_words import day_words
from schemas.names import Language

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 31, 7, 21, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        (NOW.replace(hour=11), "今天 11:21", "today 11:21"),
        (NOW.replace(day=30), "昨天 07:21", "yesterday 07:21"),
        (NOW.replace(year=2027, month=1, day=1), "明天 07:21", "tomorrow 07:21"),
        (NOW.replace(day=4), "12月4日 07:21", "12-04 07:21"),
        (NOW.replace(year=2027, month=1, day=4), "2027年1月4日 07:21", "2027-01-04 07:21"),
    ],
)
def test_a_moment_as_people_say_it(at: datetime, zh: str, en: str) -> None:
    moments = round(at.timestamp() * 1000), round(NOW.timestamp() * 1000)
    assert [day_words(*moments, ZONE, language) for language in (Language.ZH, Language.EN)] == [zh, en]
