"""Whether a remedy helped: counts before and after a day, against chance and against the other places."""

from random import Random

from connectors.ledger.queries.recurrence.remedied import BY_CHANCE, Since, remedied

PLACE = ("S1", "waste")


def judged(before: int, after: int, others: tuple[int, int] = (100, 100)) -> Since:
    """Of one place, and of another one."""
    first, then = (
        {PLACE: n, ("S2", "waste"): there, ("S1", "dogs"): 50} for n, there in zip((before, after), others, strict=True)
    )
    return remedied(first, then, *PLACE).since


def test_fewer_than_before_is_an_effect_only_beyond_chance_and_beyond_the_others() -> None:
    assert judged(20, 3) is Since.FEWER
    assert judged(3, 20) is Since.MORE
    assert judged(20, 15) is Since.UNSURE
    assert judged(20, 3, (200, 30)) is Since.UNSURE, "it became less everywhere"
    assert judged(20, 20, (100, 500)) is Since.FEWER, "it became more everywhere else"
    assert judged(3, 1) is Since.TOO_FEW
    assert judged(10, 0, (0, 0)) is Since.UNSURE, "nothing to compare with"
    assert judged(0, 0) is Since.TOO_FEW


def test_the_numbers_are_those_of_the_place_and_of_the_others() -> None:
    """Six coins, all of them heads: 1 in 64, and as many tails: 1 in 32."""
    many = ("S2", "waste")
    found = remedied({PLACE: 6, many: 10**7}, {many: 10**7}, *PLACE)
    assert found[:4] == (6, 0, 10**7, 10**7)
    assert round(found.expected, 3) == 3
    assert abs(found.chance - 1 / 32) < 1e-5


def test_small_tables_are_those_of_fisher() -> None:
    """The tea taster, by counting: 1 of 70 ways gets all four cups right, and 1 of 70 none."""
    found = remedied({PLACE: 4}, {("S2", "waste"): 4}, *PLACE)
    assert abs(found.chance - 2 / 70) < 1e-12
    found = remedied({PLACE: 3, ("S2", "waste"): 1}, {PLACE: 1, ("S2", "waste"): 3}, *PLACE)
    assert abs(found.chance - 2 * 17 / 70) < 1e-12


def test_a_clear_effect_is_said() -> None:
    found = remedied({PLACE: 6, ("S2", "waste"): 50}, {("S2", "waste"): 50}, *PLACE)
    assert found.since is Since.FEWER


def test_chance_alone_is_called_an_effect_as_seldom_as_said() -> None:
    """Of 2,000 places where nothing changed, at most the said part seem to, some in each direction."""
    random, said = Random(13), dict.fromkeys(Since, 0)
    for _ in range(2_000):
        after = sum(random.random() < 0.5 for _ in range(30))
        said[judged(30 - after, after, (10_000, 10_000))] += 1
    assert said[Since.FEWER] + said[Since.MORE] <= 2_000 * BY_CHANCE
    assert min(said[Since.FEWER], said[Since.MORE]) > 0
