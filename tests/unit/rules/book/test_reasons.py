"""Every sentence exists in both languages, with the same facts; names are said in each."""

import re
from string import Formatter

import pytest

from rules.book.labels import ACT_NAMES, CLOCK_NAMES, STATE_NAMES, WHO_NAMES, names_of
from rules.book.reasons import FILE, because
from schemas.case import State
from schemas.command import Act, RecordWhat
from schemas.items import Redirect
from schemas.limit_words import limit_name
from schemas.names import Language, Name
from schemas.rights import CaseRole
from texts.catalogue import catalogue

TEXTS = {language: catalogue(FILE, language).under("") for language in Language}


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", [code for code in TEXTS[Language.EN] if "." not in code])
def test_a_sentence_says_something_in_chinese_and_in_english(code: str) -> None:
    zh, en = (TEXTS[language][code] for language in Language)
    assert re.search(r"[一-鿿]", zh)
    assert not re.search(r"[一-鿿]", en)
    said = because(code, **dict.fromkeys(fields(en), Name(zh="某", en="some")))
    assert said.code == code
    assert "{" not in said.zh + said.en


def test_names_are_said_in_each_language_and_absent_facts_are_nothing() -> None:
    said = because("handed_on", by=Name(zh="路段负责人", en="The supervisor"), person=None)
    assert said.zh == "路段负责人请处置，责任人和时限不变。"
    assert said.en == "The supervisor asked  to do the work; who is accountable and by when stays as it was."


def test_a_refusal_says_in_a_whole_sentence_whom_to_contact() -> None:
    hall, road = Name(zh="示例大厅", en="Sample hall"), Name(zh="示例路1号", en="1 Sample Road")
    for redirect, zh, en in (
        (Redirect(name=hall), "示例大厅", "Sample hall"),
        (Redirect(name=hall, phone="000"), "示例大厅（电话000）", "Sample hall (phone 000)"),
        (
            Redirect(name=hall, address=road, phone="000"),
            "示例大厅（示例路1号，电话000）",
            "Sample hall (1 Sample Road, phone 000)",
        ),
    ):
        said = because("refused", item=Name(zh="办证", en="Permits"), contact=redirect.contact)
        assert said.zh == f"清单事项“办证”不予受理。请联系{zh}。"
        assert said.en == f"List item “Permits” is not handled here. Please contact {en}."


def test_everything_that_is_named_has_a_name() -> None:
    assert set(STATE_NAMES) == set(State)
    assert set(ACT_NAMES) == {*Act, *RecordWhat}
    assert set(WHO_NAMES) == {who.value for who in CaseRole}
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


def test_what_is_equal_and_not_said_alike_has_a_reason_of_its_own() -> None:
    """Reasons are made once for the same facts."""
    said = [because("duplicate", master="m", metres=metres).en for metres in (1, 1.0, True)]
    assert [sentence.partition("(")[2].partition(" m")[0] for sentence in said] == ["1", "1.0", "True"]
    assert because("duplicate", master="m", metres=1) is because("duplicate", master="m", metres=1)
