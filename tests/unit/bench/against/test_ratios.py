from bench.against.ratios import Figure, Ratio, markdown

TIME = Figure("ms", "time", "ms", must=0.75, aim=0.6)


def test_the_ratio_is_the_median_of_those_of_each_round() -> None:
    """A round on a busy machine has large figures on both sides: its ratio counts, not its size."""
    ratio = Ratio.of(TIME, [({"ms": 50}, {"ms": 100}), ({"ms": 700}, {"ms": 1000}), ({"ms": 60}, {"ms": 80})])

    assert (ratio.ratio, ratio.least, ratio.greatest) == (0.7, 0.5, 0.75)
    assert (ratio.this, ratio.other) == (60, 100)


def test_a_ratio_meets_its_aim_or_what_it_must_or_misses() -> None:
    found = [Ratio.of(TIME, [({"ms": ms}, {"ms": 100})]).verdict for ms in (60, 61, 75, 76)]

    assert found == ["aim met", "met", "met", "MISSED"]
    assert not Ratio.of(Figure("ms", "time", "ms"), [({"ms": 500}, {"ms": 100})]).verdict


def test_the_table_shows_both_sides_and_the_spread() -> None:
    ratio = Ratio.of(TIME, [({"ms": 50}, {"ms": 100}), ({"ms": 70}, {"ms": 100})])

    assert [cell.strip() for cell in markdown([ratio]).splitlines()[-1].split("|")] == [
        *("", "time", "ms", "100.0", "60.0", "0.60", "0.50 – 0.70", "≤ 0.75", "≤ 0.60", "aim met", "")
    ]
