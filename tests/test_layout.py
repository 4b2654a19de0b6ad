"""The layout that keeps the design: our names are ours, the core is pure, nothing foreign is in the repository."""

import ast
import importlib
import json
import re
import subprocess
import tomllib
from collections import Counter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("texts", "schemas", "rules", "streams", "connectors", "grid36")
OURS = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    return listed.stdout.splitlines()


@pytest.mark.parametrize("name", PACKAGES)
def test_a_root_name_belongs_to_us_alone(name: str) -> None:
    """Distributions called rules, schemas and connectors exist; one installed beside ours would hide it."""
    assert set(packages_distributions().get(name, ["grid36"])) == {"grid36"}
    assert Path(str(importlib.import_module(name).__file__)) == ROOT / name / "__init__.py"


def test_the_wheel_has_exactly_our_packages_and_is_never_uploaded() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert tuple(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES
    assert "Private :: Do Not Upload" in project["project"]["classifiers"]


def test_every_test_folder_is_a_package() -> None:
    """A folder tests/unit/rules without a parent package would become `rules` and hide ours."""
    folders = {file.parent for file in (ROOT / "tests").rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_nothing_foreign_is_in_the_repository() -> None:
    assert [name for name in tracked() if re.search(r"\.(jar|whl|min\.js)$|uv\.lock$|^node_modules/", name)] == []


def test_locked_requirements_have_hashes_and_no_addresses() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text(encoding="utf-8")
        assert "://" not in text
        assert len(re.findall(r"^[a-zA-Z].*==", text, re.MULTILINE)) > 20
        assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-zA-Z])", text)[1:])


def test_clients_of_other_languages_have_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "requirements" / "kafkajs" / "package-lock.json").read_text(encoding="utf-8"))[
        "packages"
    ]
    assert all(package.keys() >= {"version", "integrity"} for name, package in packages.items() if name)
    assert not any("resolved" in package for package in packages.values())
    modules = (ROOT / "requirements" / "franz-go" / "go.mod").read_text(encoding="utf-8")
    sums = (ROOT / "requirements" / "franz-go" / "go.sum").read_text(encoding="utf-8")
    assert all(f"{name} {version} h1:" in sums for name, version in re.findall(r"(\S+/\S+) (v\S+)", modules))


def test_modules_have_names_that_say_something() -> None:
    bad = {"utils", "helpers", "manager", "base", "common", "misc", "types", "queue", "email", "logging"}
    assert [str(file.relative_to(ROOT)) for file in OURS if file.stem in bad] == []


def test_modules_are_short() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in OURS}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_the_core_reads_no_clock_and_opens_nothing() -> None:
    """Time is an argument in schemas and rules; the rules child in rules/durable* is the one exception for files."""
    clock = re.compile(r"datetime\.now|utcnow|\btime\.time\(|\bmonotonic\(|\bdate\.today")
    core = [file for package in ("schemas", "rules") for file in (ROOT / package).rglob("*.py")]
    hits = [str(file.relative_to(ROOT)) for file in core if clock.search(file.read_text(encoding="utf-8"))]
    assert [name for name in hits if not name.startswith("rules/durable")] == []


def test_kafka_clients_are_made_in_one_place() -> None:
    """How a client logs in and how long it waits is said once, in `streams/kafka/clients.py`."""
    clients = {"AIOKafkaConsumer", "AIOKafkaProducer", "AIOKafkaAdminClient"}
    makers = {
        str(file.relative_to(ROOT))
        for file in OURS
        if "AIOKafka" in (text := file.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and clients & set(ast.unparse(node.func).split("."))
    }
    assert makers == {"streams/kafka/clients.py"}


def test_scripts_can_be_run() -> None:
    for name in ("bin/setup", "bin/lock", "bin/texts", ".ci/run"):
        assert (ROOT / name).stat().st_mode & 0o111


def public_classes() -> dict[str, list[str]]:
    """The modules that define a public class of this name."""
    found: dict[str, list[str]] = {}
    for file in OURS:
        for name in re.findall(r"^class ([^\W_]\w*)", file.read_text(encoding="utf-8"), re.MULTILINE):
            found.setdefault(name, []).append(str(file.relative_to(ROOT)))
    return found


def test_nothing_has_a_name_that_the_glossary_rules_out() -> None:
    rows = [
        line for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines() if line[:2] == "| "
    ]
    ruled_out = {word for row in rows for word in re.findall(r"`(\w+)`", row.split("|")[4])}
    assert len(ruled_out) > 30, "the last column of its tables"
    assert ruled_out & ({file.stem for file in OURS} | public_classes().keys()) == set()


def test_the_glossary_names_files_that_are_there() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert [path for path in re.findall(r"`(\w+/[\w/.]*)`", text) if not (ROOT / path).exists()] == []


def test_a_class_name_stands_for_one_thing() -> None:
    assert {name: files for name, files in public_classes().items() if len(files) > 1} == {}


def test_no_folder_is_crowded() -> None:
    """`schemas` is one flat vocabulary, and `rules/check` has one check a file."""
    modules = Counter(str(file.parent.relative_to(ROOT)) for file in OURS if file.name != "__init__.py")
    assert {folder: n for folder, n in modules.items() if n > 20 and folder not in {"schemas", "rules/check"}} == {}


def test_decisions_are_written_in_one_form() -> None:
    """Number and title, status with its day, then context, decision and consequences in this order."""
    faults = []
    for number, file in enumerate(sorted((ROOT / "docs" / "adr").glob("*.md")), start=1):
        text = file.read_text(encoding="utf-8")
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        ordered = [each for each in headings if each in {"Context", "Decision", "Consequences"}]
        begins = re.match(rf"# {number}\. .+\n\nStatus: \w+( by \d{{4}})?, \d{{4}}-\d\d-\d\d\.\n\n## Context\n", text)
        if (
            not begins
            or ordered != ["Context", "Decision", "Consequences"]
            or not file.name.startswith(f"{number:04}-")
        ):
            faults.append(file.name)
    assert faults == []


def test_every_promise_to_a_user_is_said_in_a_sentence() -> None:
    """The acceptance and contract tests are read as the list of what the product promises."""
    silent = []
    for file in (*(ROOT / "tests" / "acceptance").glob("test_*.py"), *(ROOT / "tests" / "contract").glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                sentence = (ast.get_docstring(node) or "").partition("\n")[0]
                if len(sentence.split()) < 4 or not sentence.endswith("."):
                    silent.append(f"{file.name}: {node.name}")
    assert silent == []
