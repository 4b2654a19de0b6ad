import re
import string
from pathlib import Path

import pytest

import connectors
from connectors.intake.messages import ERRORS, FIELDS, say
from connectors.intake.refusal import FieldFault, Refused, bad
from schemas.names import Language


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", ERRORS)
def test_both_languages_say_the_same_facts(code: str) -> None:
    name = ERRORS[code]
    assert name.en
    assert re.search(r"[\u4e00-\u9fff]", name.zh)
    assert holes(name.zh) <= {*holes(name.en), "where", "limit"}
    assert holes(name.en) <= {*holes(name.zh), "where", "limit"}


def test_every_code_is_used_and_every_used_code_is_there() -> None:
    """A refusal with a code that has no text would be an error of its own, at the worst moment."""
    folder = Path(connectors.__file__).parent
    sources = [
        path.read_text() for path in folder.rglob("*.py") if path.name != "messages.py" and "pages" not in path.parts
    ]
    quoted = {word for source in sources for word in re.findall(r'"([a-z]+(?:_[a-z0-9]+)*)"', source)}
    assert set(ERRORS) - quoted == set()
    called = {
        word
        for source in sources
        for word in re.findall(
            r'(?:\bbad|\brefused|\bFault|\.fault)\(\s*(?:HTTPStatus\.[A-Z_]+, )?"([a-z_0-9]+)"', source
        )
    }
    assert called - set(ERRORS) == set()


def test_fields_are_called_as_their_readers_know_them() -> None:
    """The code stays in `where`, for programs."""
    told = bad("too_long", "note", limit=4000).answer(Language.ZH)
    assert told == {"error": "too_long", "message": "“说明”超过 4000 个字符。请缩短。", "where": "note"}
    assert say("wrong_type", Language.ZH, where="text", wanted="text") == "“描述”的类型不对，应为文字。"
    assert say("missing", Language.ZH, where="x-y") == "缺少“x-y”。"
    assert all(re.search(r"[\u4e00-\u9fff]", name.zh) and name.en in FIELDS for name in FIELDS.values())


def test_facts_with_braces_are_shown_as_they_are() -> None:
    assert say("unknown_report", Language.EN, given="{x}") == "There is no report {x}. Check the id."


def test_one_mistake_stands_alone_and_several_are_all_told() -> None:
    assert bad("missing", "by").answer(Language.EN) == {
        "error": "missing", "message": '"by" is missing.', "where": "by",
    }  # fmt: skip
    several = Refused(bad("bad_json").status, [FieldFault("missing", "by"), FieldFault("bad_json")]).answer(Language.ZH)
    assert several["error"] == "missing"
    assert [fault["error"] for fault in several["faults"]] == ["missing", "bad_json"]
