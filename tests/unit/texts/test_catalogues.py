"""The catalogues against each other and against the code: nothing missing, nothing unused, the same facts."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from schemas.names import Language
from texts.catalogue import LANGUAGES, ROOT, catalogue

REPOSITORY = ROOT.parent
PACKAGES = ("schemas", "rules", "streams", "connectors", "grid36")
FILES = sorted(file.stem for file in (ROOT / "en" / "LC_MESSAGES").glob("*.po"))
DYNAMIC = (
    "errors.fact.",
    "reasons.needs_admission",
    "reasons.not_admitted",
    "explain.gate_",
    "mistakes.value.",
    "proofs.ledger.",
    "pages.js.",
    "pages.after_photo.",
    "pages.dual.",
    "pages.level.",
)
"""Keys that are put together from parts that no reader of the code can see, such as those of scripts."""

LISTS = ("rules/check/severities.py",)
"""Modules that only list keys, and ask for none."""


@dataclass(frozen=True)
class Sayer:
    """A function that is given a key."""

    name: str
    package: str = ""
    """Where it is called; elsewhere another function has this name."""
    prefix: str = ""
    """What goes before the key."""
    at: int = 0
    """The place of the key among the arguments."""
    adds: frozenset[str] = frozenset()
    """Facts that it gives itself."""


WHERE = frozenset({"where"})
SAYERS = (
    Sayer("say", at=1),
    Sayer("Name.of"),
    Sayer("words", prefix="pages."),
    Sayer("bad", "connectors", "intake.", adds=WHERE),
    Sayer("fault", "connectors", "intake.", adds=WHERE),
    Sayer("wrong", "connectors", "intake.", adds=WHERE | {"given"}),
    Sayer("FieldMistake", "connectors", "intake.", adds=WHERE | {"given"}),
    Sayer("FieldFault", "connectors", "intake.", adds=WHERE),
    Sayer("refused", "connectors", "intake.", 1, WHERE),
    Sayer("because", prefix="reasons."),
    Sayer("refused", "rules", "reasons."),
    Sayer("mistake"),
    Sayer("said", "schemas"),
    Sayer("problem", "rules/check", "checks.", adds=frozenset({"column", "near"})),
    Sayer("phrase", "grid36/cli", "command.answer."),
    Sayer("label", "grid36/cli", "command.label."),
    Sayer("_say", "grid36/cli/terminal/exit_codes.py"),
    Sayer("_say", "grid36/cli/terminal/misuse.py", "command.wrong."),
    Sayer("_want", "grid36/cli/terminal/misuse.py", "command.wanted."),
    Sayer("_tell", "grid36/cli/rules/files.py"),
    Sayer("_say", "grid36/review/explain_text.py", "review.explain."),
    Sayer("_in_doubt", "grid36/files/region/map_axes.py", "files.axes.", 1, frozenset({"x", "y"})),
    Sayer("of", "grid36/replay"),
    Sayer("words", "connectors/chat", "chat."),
    Sayer("say", "connectors/chat/conversation", "chat.", adds=frozenset({"case"})),
    Sayer("shared", "connectors/chat", "pages."),
)
PREFIXES = frozenset(each.prefix for each in SAYERS)


@dataclass(frozen=True)
class Asked:
    """A call that names its key."""

    where: str
    key: str
    facts: frozenset[str] | None
    """Names of the facts that it gives; None where they come from elsewhere."""
    adds: frozenset[str]
    """Facts that every sentence has, whether it needs them or not."""


def po(file: str, language: str) -> Path:
    return ROOT / LANGUAGES[language] / "LC_MESSAGES" / f"{file}.po"


def name_of(id: str | Sequence[str]) -> str:
    """The key of an entry; one with forms has it twice."""
    return id if isinstance(id, str) else id[0]


def forms_of(text: str | Sequence[str | None] | None) -> tuple[str, ...]:
    """The sentence of an entry, or its sentences for one and many."""
    return (text or "",) if isinstance(text, str | None) else tuple(each or "" for each in text)


@cache
def sentences(language: str) -> dict[str, tuple[str, ...]]:
    """Every key with its forms."""
    found = {}
    for file in FILES:
        with po(file, language).open("rb") as opened:
            for entry in read_po(opened):
                if entry.id:
                    found[f"{file}.{name_of(entry.id)}"] = forms_of(entry.string)
    return found


def needs(sentence: str) -> frozenset[str]:
    """The facts of a sentence."""
    return frozenset(re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(sentence) if name is not None)


@cache
def nodes() -> dict[str, list[ast.AST]]:
    """What the checks look at of all modules, read once."""
    looked_at = (ast.Call, ast.ClassDef, ast.Constant, ast.JoinedStr, ast.keyword)
    return {
        str(file.relative_to(REPOSITORY)): [
            node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, looked_at)
        ]
        for package in PACKAGES
        for file in sorted((REPOSITORY / package).rglob("*.py"))
    }


def called(node: ast.Call) -> str:
    """The last part of the name of what is called."""
    match node.func:
        case ast.Attribute(value=ast.Name(id="Name"), attr=name):
            return f"Name.{name}"
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def asked() -> Iterator[Asked]:
    """Every call of a function that is given a key, where the key is written there."""
    for file, found in nodes().items():
        sayers = {each.name: each for each in SAYERS if file.startswith(each.package)}
        for node in found:
            if isinstance(node, ast.keyword) and node.arg == "help":
                for key in chosen(node.value):
                    yield Asked(f"{file}:{node.value.lineno}", key, frozenset(), frozenset())
            if isinstance(node, ast.Call) and (sayer := sayers.get(called(node))) is not None:
                if len(node.args) <= sayer.at or any(isinstance(each, ast.Starred) for each in node.args):
                    continue
                for key in chosen(node.args[sayer.at]):
                    names = [each.arg for each in node.keywords]
                    more = None in names or len(node.args) > sayer.at + 2
                    facts = None if more else frozenset(name for name in names if name is not None)
                    yield Asked(f"{file}:{node.lineno}", sayer.prefix + key, facts, sayer.adds)


def chosen(node: ast.expr) -> Iterator[str]:
    """The keys that an argument can be, where it says so itself."""
    match node:
        case ast.Constant(value=str(key)):
            yield key
        case ast.IfExp(body=one, orelse=other):
            yield from chosen(one)
            yield from chosen(other)


@cache
def written() -> frozenset[str]:
    """Every text in the code that may be a key, or with a dot at its end the beginning of one; errors go by class."""
    found = set()
    for file, looked_at in nodes().items():
        for node in looked_at if file not in LISTS else ():
            match node:
                case ast.Constant(value=str(text)) | ast.ClassDef(name=text):
                    found.add(text)
                case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if text.endswith((".", "_")):
                    if text not in PREFIXES:
                        found.add(text)
                case ast.Call(
                    func=ast.Attribute(attr="one_of") | ast.Name(id="_names"), args=[ast.Constant(value=str(text)), *_]
                ):
                    found.add(f"{text}.")
    return frozenset(found)


def is_used(key: str) -> bool:
    """Whether the code has it, whole or without its file, or the beginning from which it is put together."""
    return any(_is_written(each) for each in (key, key.removesuffix(".remedy"))) or key.startswith(DYNAMIC)


def _is_written(key: str) -> bool:
    entry = key.partition(".")[2]
    begun = {each[: at + 1] for each in (key, entry) for at, sign in enumerate(each) if sign in "._"}
    given = {key.removeprefix(prefix) for prefix in PREFIXES if key.startswith(prefix)}
    return bool(written() & ({key, entry} | begun | given))


def test_an_error_says_what_its_class_says() -> None:
    """Whoever reads the code and whoever reads the log read the same."""
    said, told = catalogue("errors", Language.EN), dict[str, str]()
    for found in nodes().values():
        for node in found:
            if isinstance(node, ast.ClassDef) and said.get(node.name, ""):
                told[node.name] = " ".join((ast.get_docstring(node) or "").split())
    assert len(told) > 150
    assert told == {name: said.get(name, "") for name in told}


@pytest.mark.parametrize("file", FILES)
def test_no_key_stands_twice(file: str) -> None:
    """A second one would silently win."""
    for language in LANGUAGES:
        keys = Counter(re.findall(r'^msgid "(.+)"$', po(file, language).read_text(encoding="utf-8"), re.MULTILINE))
        assert {key: n for key, n in keys.items() if n > 1} == {}


@pytest.mark.parametrize("file", FILES)
def test_what_is_compiled_is_what_is_written(file: str) -> None:
    """`make setup` compiles what was edited."""
    for language in LANGUAGES:
        with po(file, language).open("rb") as source, po(file, language).with_suffix(".mo").open("rb") as compiled:
            edited, made = (
                {name_of(entry.id): forms_of(entry.string) for entry in entries if entry.id}
                for entries in (read_po(source), read_mo(compiled))
            )
            assert edited == made


def test_every_key_has_both_languages_in_one_order() -> None:
    assert list(sentences("zh-CN")) == list(sentences("en"))


def test_no_sentence_is_empty() -> None:
    assert [key for language in LANGUAGES for key, forms in sentences(language).items() if not all(forms)] == []


def test_both_languages_need_the_same_facts() -> None:
    """Of the forms of one key all but that for one thing, which may leave its number out."""
    chinese, english = sentences("zh-CN"), sentences("en")
    assert {key for key in english if needs(english[key][-1]) != needs(chinese[key][-1])} == set()
    assert {key for key, forms in english.items() if not needs(forms[0]) <= needs(forms[-1])} == set()


def test_every_key_that_the_code_asks_for_is_there() -> None:
    assert [(each.where, each.key) for each in asked() if each.key not in sentences("en")] == []


def test_every_key_is_asked_for() -> None:
    assert [key for key in sentences("en") if not is_used(key)] == []


def test_every_call_gives_the_facts_of_its_sentence() -> None:
    calls = [each for each in asked() if each.facts is not None]
    assert len(calls) > 300, "the check reads the code"
    wrong = []
    for each in calls:
        assert each.facts is not None
        needed = needs(sentences("en")[each.key][-1])
        if not needed <= each.facts | each.adds or not each.facts <= needed | each.adds | {"n"}:
            wrong.append((each.where, each.key))
    assert wrong == []
