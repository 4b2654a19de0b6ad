import re

from connectors.intake.messages import FILE, message
from connectors.intake.refusal import FieldFault, Refused, bad
from schemas.names import Language
from texts.catalogue import catalogue


def test_fields_are_called_as_their_readers_know_them() -> None:
    """The code stays in `where`, for programs."""
    told = bad("too_long", "note", limit=4000).answer(Language.ZH)
    assert told == {"error": "too_long", "message": "“说明”超过 4000 个字符。请缩短。", "where": "note"}
    assert message("wrong_type", Language.ZH, where="text", wanted="text") == "“描述”的类型不对，应为文字。"
    assert message("missing", Language.ZH, where="x-y") == "缺少“x-y”。"
    fields = {language: catalogue(FILE, language).under("field.") for language in Language}
    assert all(re.search(r"[\u4e00-\u9fff]", name) for name in fields[Language.ZH].values())
    assert set(fields[Language.EN].values()) <= set(fields[Language.EN]), "programs know them by these names"


def test_facts_with_braces_are_shown_as_they_are() -> None:
    assert message("unknown_report", Language.EN, given="{x}") == "There is no report {x}. Check the id."


def test_one_mistake_stands_alone_and_several_are_all_told() -> None:
    assert bad("missing", "by").answer(Language.EN) == {
        "error": "missing", "message": '"by" is missing.', "where": "by",
    }  # fmt: skip
    several = Refused(bad("bad_json").status, [FieldFault("missing", "by"), FieldFault("bad_json")]).answer(Language.ZH)
    assert several["error"] == "missing"
    assert [fault["error"] for fault in several["faults"]] == ["missing", "bad_json"]
