"""Words of danger: a fact, or only denied or part of another word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.words.danger import Danger, DangerWords
from schemas.case import Case, UrgentBy
from tests.worlds.street import Street, a_book, a_rulebook

WORDS = (
    "受伤", "触电", "漏电", "带电", "着火", "燃气泄漏", "倒塌", "砸到人",
    "someone is hurt", "someone hurt", "Injured", "live wire", "current on", "on fire", "gas leak", "collapsed",
)  # fmt: skip
FOUND = DangerWords(WORDS)
FACTS = """
有人受伤
没有路灯有人受伤
没有人受伤，但着火了
无人机砸到人
有没有人受伤
有无人员受伤不清楚
是不是漏电
不是没人受伤
不知道有没有人受伤
不过有人受伤
不一会着火了
不停漏电
未成年人受伤
不少人受伤
没有其他人受伤
还没倒塌
着火车辆挡路
漏电影响行人
受伤没有人管
漏电已修好又漏电
10人受伤
no lights, someone hurt
no lights and someone hurt
Nobody else was injured
no one was seriously injured
not sure if anyone is injured
isn't there a gas leak?
The wall has not yet collapsed
gas leaking from the pipe
a live  wire
Injured? No idea
I doubt that no one was injured
nobody helped the injured
No. 5 on fire
10 injured
no one injured, gas leak in the hall
"""
DOUBTS = """
没有人受伤
没人受伤
无人受伤
暂无人员受伤
未造成人员受伤
路灯不亮，没有人受伤
路灯不亮没有人受伤
0人受伤
受伤：无
有人受伤吗？没有
人员受伤情况：无
不是漏电
不再漏电
漏电已排除
树枝砸到人行道
携带电动车
nobody injured
no one injured
No-one has been injured
nobody was hurt or injured
there is no gas leak
it isn’t on fire
wasn't injured
no sign of a gas leak
Anyone injured? No.
injured: none
0 injured
no fire or gas leak
there is no light and no one is injured
the gas leak has been repaired
"""
NOTHING = """
the current one is broken
uninjured
current only
路灯不亮
"""


def lines(told: str) -> list[str]:
    """One text a line."""
    return told.strip().split("\n")


@pytest.mark.parametrize("said", lines(FACTS))
def test_what_is_said_as_a_fact_makes_it_urgent(said: str) -> None:
    assert FOUND.found(said).said


def test_a_line_may_end_between_words() -> None:
    assert FOUND.found("there is a live\nwire").said == ("live wire",)


@pytest.mark.parametrize("said", lines(DOUBTS))
def test_what_is_denied_or_within_another_word_is_seen_and_counts_for_nothing(said: str) -> None:
    found = FOUND.found(said)
    assert (found.said, len(found.doubtful)) == ((), 1)


@pytest.mark.parametrize("said", lines(NOTHING))
def test_part_of_an_english_word_is_no_word_of_danger(said: str) -> None:
    assert FOUND.found(said) == Danger()


@settings(max_examples=150)
@given(before=st.sampled_from(lines(DOUBTS + NOTHING)), word=st.sampled_from(WORDS), after=st.booleans())
def test_a_fact_beside_a_denial_stays_a_fact(before: str, word: str, after: bool) -> None:
    fact = f"{word}。"
    said = f"{before}。{fact}" if after else f"{fact}{before}"
    assert word in FOUND.found(said).said


def a_case(text: str) -> tuple[Street, Case]:
    street = Street(a_book(rulebook=a_rulebook(urgent_words=list(WORDS))))
    return street, street.report(text=text)


def test_what_does_not_count_is_in_the_timeline() -> None:
    street, case = a_case("坑，没有人受伤")
    opened = street.drafts[0]
    assert (case.urgent_by, opened.facts["doubtful_words"]) == ((), ("受伤",))
    assert opened.because is not None
    assert opened.because.code == "received_not_urgent"
    assert "“受伤”" in opened.because.zh
    assert "“受伤”" in opened.because.en


def test_a_fact_is_as_before() -> None:
    street, case = a_case("坑，有人受伤")
    opened = street.drafts[0]
    assert (case.urgent_by, opened.facts["urgent_words"]) == ((UrgentBy.WORDS,), ("受伤",))
    assert opened.because is not None
    assert opened.because.code == "received"
