from pathlib import Path

from bench.against import probe, system_probe
from bench.against.trees import HERE, tree
from bench.against.turns import MEASURES, SYSTEM, WORKER, side


async def test_a_probe_measures_once_for_every_turn() -> None:
    """The probe runs with the code and the environment of its tree, here this one."""
    async with side(HERE, "steps", "no broker is needed", cases=20) as steps:
        assert [(await steps.turn())["steps_us"] > 0 for _ in range(2)] == [True, True]


def test_every_measure_has_its_probe() -> None:
    assert {measure.probe for measure in MEASURES if measure.file == WORKER} == set(probe.PROBES)
    assert {measure.probe for measure in MEASURES if measure.file == SYSTEM} == set(system_probe.PROBES)


def test_a_folder_is_compared_with_as_it_is(tmp_path: Path) -> None:
    with tree(str(tmp_path)) as root:
        assert root == tmp_path.resolve()
