"""DMN files of strangers: what is beyond a list is named with its place, what is hostile is not read."""

from random import Random

import pytest

from grid36.files.dmn.faults import DmnUnreadable, NotSayableInXml
from grid36.files.dmn.feel import read_value
from grid36.files.dmn.read import MOST_BYTES, read_dmn
from grid36.files.dmn.write import write_dmn
from schemas.names import Language
from schemas.rulebook import Rulebook
from schemas.table import Table
from tests.strategies.drawn_dmn import with_tables

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="n" namespace="n">'


def lists() -> Rulebook:
    rows = [
        {"id": "a", "priority": 10, "when": {"category": "tree", "hour": {"ge": 8}}, "then": {"assign": "p-1"}},
        {"id": "b", "priority": 20, "when": {"category": ["lamp", "pipe"]}, "then": {"assign": "p-2"}, "note": "x"},
    ]
    table = {"name": "routing", "hit_policy": "F", "inputs": ["category", "hour"], "rows": rows}
    return with_tables(Table.model_validate(table))


def fault(content: bytes | str, language: Language = Language.EN) -> str:
    with pytest.raises(DmnUnreadable) as found:
        read_dmn(content if isinstance(content, bytes) else content.encode(), lists())
    return found.value.say(language)


def changed(before: str, after: str) -> bytes:
    text = write_dmn(lists()).decode()
    assert before in text
    return text.replace(before, after, 1).encode()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("&gt;= 8", "not(8)", "decision routing, rule 1, column hour: not(8) cannot be read"),
        ("&gt;= 8", "hour + 1", "rule 1, column hour: hour + 1 cannot be read"),
        ("&gt;= 8", "8.5", "8.5 cannot be read"),
        ("&gt;= 8", '"8"', "rule 1, column hour: a whole number is right here, and not 8"),
        ("&gt;= 8", "(8..9)", "there is no whole number from 9 to 8"),
        ('"lamp","pipe"', '"lamp","lamp"', "'lamp' is listed 2 times"),
        ('"lamp","pipe"', "[1..2]", "rule 2, column category: a text has no range"),
        ('"lamp","pipe"', r'"\d"', r"the escape \d is not known"),
        ('"lamp","pipe"', r'"\UFFFFFF"', r"the escape \UFFFFFF is not known"),
        ('"lamp","pipe"', r'"\uD83D"', r"the escape \ud83d is not known"),
        ('hitPolicy="FIRST"', 'hitPolicy="PRIORITY"', "the hit policy PRIORITY cannot be used"),
        ('hitPolicy="FIRST"', 'hitPolicy="COLLECT" aggregation="SUM"', "the hit policy COLLECT SUM cannot be used"),
        ("<text>hour</text>", "<text>a.b</text>", "input 2 is the name of a fact, such as category, and not a.b"),
        ('id="routing" name="routing"', 'id="x" name="y"', "decision y: a list has no such table"),
        ("<text>20</text>", "<text>5</text>", "rule 2: the priority 5 stands behind 10"),
        ("<text>20</text>", "<text>0</text>", "the priority is a whole number from 1 to 60000, and not 0"),
        ("<text>b</text>", "<text>a</text>", "rule 2: the id a is already"),
        ('"p-2"', "null", "row 2 ('b') has no `assign`"),
        ('"p-2"', "upper case(x)", "rule 2, column assign: upper case(x) cannot be read"),
    ],
)
def test_what_a_list_cannot_say_is_named_with_its_place(before: str, after: str, said: str) -> None:
    assert said in fault(changed(before, after))


def test_all_faults_are_named_at_once_and_in_chinese() -> None:
    text = write_dmn(lists()).decode().replace("&gt;= 8", "not(8)").replace('"p-2"', "f(x)")
    assert fault(text).count("cannot be read") == 2
    assert "决策 routing，第 1 条规则，列 hour：不能读 not(8)" in fault(text, Language.ZH)


def test_what_means_the_same_is_read_as_modellers_write_it() -> None:
    """Open ends, signs, blanks, decimals that are whole, other quotation of nothing, a rule without priority."""
    for cell in (">7", "> 7.0", ">= 8"):
        assert read_dmn(changed("&gt;= 8", cell.replace(">", "&gt;")), lists()) == lists()
    moved = read_dmn(changed("<text>20</text>", "<text></text>"), lists()).routing.rows
    assert [row.priority for row in moved] == [10, 10]
    assert read_dmn(changed('"lamp","pipe"', ' "lamp" ,\n"pipe" '), lists()) == lists()


def test_a_character_may_be_written_as_two_of_utf_16() -> None:
    assert read_value(r'"\uD83D\uDE00 \U01F600 \u8def"') == "\U0001f600 \U0001f600 \u8def"


def test_hostile_files_are_not_read() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + HEAD + "&b;</definitions>"
    assert "DTD or entities" in fault(bomb)
    assert "DTD or entities" in fault(f'<!DOCTYPE x SYSTEM "other.dtd">{HEAD}</definitions>')
    assert "larger than 5 MB" in fault(b" " * (MOST_BYTES + 1))
    assert "not well-formed XML" in fault(HEAD)
    assert "not well-formed XML" in fault(b"\xff\xfe\x00")
    assert "its root is html, not definitions in the namespace of DMN 1.6" in fault("<html/>")
    assert "no decision table" in fault(HEAD + "</definitions>")
    assert "not a decision table" in fault(HEAD + '<decision id="routing"/></definitions>')


def test_noise_is_refused_in_words() -> None:
    """Whatever byte is changed, the answer is a list or a refusal."""
    good, random, said = write_dmn(lists()), Random(5), set[str]()
    for _ in range(400):
        spoilt = bytearray(good)
        for _ in range(random.randint(1, 4)):
            spoilt[random.randrange(len(spoilt))] = random.randrange(256)
        try:
            read_dmn(bytes(spoilt), lists())
        except DmnUnreadable as found:
            said.add(found.say(Language.ZH))
    assert len(said) > 20


def test_what_xml_cannot_hold_is_said_before_a_file_is_written() -> None:
    row = lists().routing.rows[0].model_copy(update={"note": "\x01"})
    bad = lists().model_copy(update={"routing": lists().routing.model_copy(update={"rows": (row,)})})
    with pytest.raises(NotSayableInXml):
        write_dmn(bad)
