"""Looking sentences up: forms, facts and mistakes."""

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from schemas.names import Name
from texts.catalogue import Catalogue, catalogue, say

HEAD = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=n != 1;\\n"\n'
)


def compiled(folder: Path, entries: str) -> Catalogue:
    """Texts of a file with these entries."""
    (folder / "some.po").write_text(HEAD + entries, encoding="utf-8")
    with (folder / "some.po").open("rb") as source, (folder / "some.mo").open("wb") as target:
        write_mo(target, read_po(source))
    with (folder / "some.mo").open("rb") as made:
        return Catalogue(made)


def test_a_sentence_in_both_languages() -> None:
    assert say("zh-CN", "pages.start.lead", region="东街") == "东街：一件上报、一个责任人、一只钟。"
    assert say("en", "pages.start.lead", region="East") == "East: one report, one responsible person, one clock."


def test_the_fact_n_chooses_the_form(tmp_path: Path) -> None:
    entry = (
        'msgid "parked"\nmsgid_plural "parked"\nmsgstr[0] "{n} record is parked"\nmsgstr[1] "{n} records are parked"\n'
    )
    some = compiled(tmp_path, entry)
    assert [some.say("parked", n=n) for n in (0, 1, 2)] == [
        "0 records are parked",
        "1 record is parked",
        "2 records are parked",
    ]


def test_a_name_has_both_languages_and_so_have_names_in_it() -> None:
    region = Name(zh="东街", en="East")
    assert Name.of("pages.start.lead", region=region) == Name(
        zh="东街：一件上报、一个责任人、一只钟。", en="East: one report, one responsible person, one clock."
    )


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(KeyError, match="no_such_key"):
        say("en", "pages.no_such_key")


def test_a_fact_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="region"):
        say("en", "pages.start.lead")


def test_a_file_that_is_not_compiled_says_what_to_do() -> None:
    with pytest.raises(LookupError, match="make setup"):
        catalogue("no_such_file", "en")
