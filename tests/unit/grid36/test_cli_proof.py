"""grid36 proof: partners' days, and a list of theirs beside ours."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from connectors.proofs.accounts import Proofs
from connectors.proofs.book import ProofBook
from grid36.cli import run
from schemas.proof import Entry, ProofWay, account_of
from tests.worlds.commands import answer_of
from tests.worlds.proved_town import DAY, WATER, ZONE, close, listed, two_burst_pipes
from tests.worlds.small_town import small_town

told = partial(answer_of, "proof")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a day that is closed."""
    home = tmp_path_factory.mktemp("home")

    async def live() -> None:
        async with small_town(home) as town:
            two_burst_pipes(town)
            close(Proofs(ProofBook(home / "proofs.sqlite", ZONE), town.gateway.ledger))

    asyncio.run(live())
    return home


@pytest.fixture
def home(lived: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRID36_HOME", str(lived))
    monkeypatch.setenv("GRID36_LANG", "en")
    return lived


def ours(home: Path) -> list[Entry]:
    return listed(Proofs(ProofBook(home / "proofs.sqlite", ZONE), None))  # type: ignore[arg-type]  # it has followed


def test_a_day_is_told_of_one_partner_or_all(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((), (WATER,), ("days", WATER)):
        (day,) = told(capsys, *words, "--day", str(DAY))["days"]
        assert (day["partner"], day["verdict"], day["closed"]) == (WATER, "unstated", True)
        assert day["to_partner"]["ours"] == account_of(ours(home)).model_dump()
    assert run(["proof", "--day", str(DAY)]) == 0
    assert "No statement yet" in capsys.readouterr().out


def test_their_list_is_compared(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Equal is 0, and a case that is missing is named and is 1."""
    file, (lost, *kept) = tmp_path / "list.tsv", ours(home)
    file.write_text("".join(f"{each.id},{each.case}\r\n" for each in (*kept, lost)))
    assert told(capsys, "compare", WATER, str(DAY), str(file))["verdict"] == "equal"
    file.write_text("".join(f"{each.id}\t{each.case}\n" for each in kept))
    answer = told(capsys, "compare", WATER, str(DAY), str(file), code=1)
    assert answer["differences"]["missing_there"] == [lost._asdict()]
    assert run(["proof", "compare", WATER, str(DAY), str(file)]) == 1
    assert f"Missing there: 1\n  {lost.case}" in capsys.readouterr().out
    empty = tmp_path / "empty"
    empty.write_text("")
    assert told(capsys, "compare", WATER, str(DAY), str(empty), "--way", "from_partner", code=1)["theirs"]["count"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "water-supply"),
        (("compare", "nobody", "2026-11-19", "list"), "water-supply"),
        (("compare", WATER, "2026-11-19", "no-such-file"), "no-such-file"),
        (("compare", WATER, "2026-11-19", "{bad}"), "line: 2"),
        (("compare", WATER, "2026-11-20", "{good}"), "not closed"),
        (("compare", WATER, "yesterday", "{good}"), "yesterday"),
    ],
)
def test_wrong_use_is_told(
    home: Path, tmp_path: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"bad": tmp_path / "bad", "good": tmp_path / "good"}
    files["bad"].write_text("a\tb\nnonsense\n")
    files["good"].write_text("a\tb\n")
    assert run(["proof", *(word.format_map(files) for word in words)]) == 2
    assert said in capsys.readouterr().err


def test_a_statement_that_differs_is_exit_code_1(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = ProofBook(home / "proofs.sqlite", ZONE)
    book.state(WATER, DAY, ProofWay.TO_PARTNER, account_of([]), None, 0)
    assert told(capsys, WATER, "--day", str(DAY), code=1)["days"][0]["verdict"] == "differs"
