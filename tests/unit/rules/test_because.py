"""Every sentence exists in both languages, with the same facts; names are said in each."""

import re
from string import Formatter

import pytest

from rules.because import SENTENCES, because
from rules.terms import ACT_NAMES, CLOCK_NAMES, STATE_NAMES, WHO_NAMES, names_of
from schemas.case import State
from schemas.command import Act, RecordWhat
from schemas.limit_words import limit_name
from schemas.names import Name
from schemas.rights import Who


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_says_something_in_chinese_and_in_english(code: str) -> None:
    zh, en = SENTENCES[code]
    assert re.search(r"[一-鿿]", zh)
    assert not re.search(r"[一-鿿]", en)
    assert fields(en) == fields(zh)
    facts = dict.fromkeys(fields(zh) | fields(en), Name(zh="某", en="some"))
    said = because(code, **facts)
    assert said.code == code
    assert "{" not in said.zh + said.en


def test_names_are_said_in_each_language_and_absent_facts_are_nothing() -> None:
    said = because("refused", item=Name(zh="办证", en="Permits"), owner=Name(zh="大厅"), address=None, phone="1")
    assert said.zh == "清单事项“办证”不予受理。请联系大厅  1"
    assert said.en == "List item “Permits” is not handled here. Please contact 大厅  1"


def test_everything_that_is_named_has_a_name() -> None:
    assert set(STATE_NAMES) == set(State)
    assert set(ACT_NAMES) == {*Act, *RecordWhat}
    assert set(WHO_NAMES) == {who.value for who in Who}
    names = [*STATE_NAMES.values(), *ACT_NAMES.values(), *WHO_NAMES.values(), *CLOCK_NAMES.values()]
    assert all(name.en and re.search(r"[一-鿿]", name.zh) for name in names)


def test_acts_are_called_in_english_as_the_command_line_calls_them() -> None:
    """So that a person can type what a refusal says is possible."""
    assert all(ACT_NAMES[act].en == act.value for act in Act)


@pytest.mark.parametrize(
    ("limit", "zh", "en"),
    [
        ("30m", "30分钟", "30 minutes"),
        ("1h", "1小时", "1 hour"),
        ("3d", "3天", "3 days"),
        ("3uh", "3紧急工作时", "3 urgent hours"),
        ("1ud", "1紧急工作日", "1 urgent day"),
        ("4wh", "4工作时", "4 working hours"),
        ("5wd", "5工作日", "5 working days"),
        ("1.5wh", "1.5工作时", "1.5 working hours"),
        ("sd", "当日", "the same day"),
    ],
)
def test_limits_in_words(limit: str, zh: str, en: str) -> None:
    assert limit_name(limit) == Name(zh=zh, en=en)


def test_lists() -> None:
    assert names_of([]) == Name.same("-")
    assert names_of([Name(zh="甲", en="a"), Name(zh="乙")]) == Name(zh="甲、乙", en="a, 乙")
