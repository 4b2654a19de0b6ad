"""`grid36 up` on a Kafka with log-ins, as a user with no more rights than the operator's page names."""

import re
import shutil
from pathlib import Path
from typing import Final

from tests.processes.secured_kafka import SecuredKafka
from tests.processes.system import EXAMPLE, System

PREFIX: Final = "street."
DEPARTMENT: Final = "water-supply"


class SecuredSystem(System):
    """The example street there, with two partitions and three copies; each report becomes a case of its own."""

    def __init__(self, home: Path, kafka: SecuredKafka, *, workers: int = 1) -> None:
        super().__init__(home, region=_without_merging(home.with_name("region")), workers=workers, partitions=2)
        self._environment |= kafka.environment("grid36") | {"GRID36_TOPIC_PREFIX": PREFIX, "GRID36_REPLICATION": "3"}


async def give_rights(kafka: SecuredKafka) -> None:
    """User `grid36` may do to `street.*` what a system needs, and `water` what a department needs."""
    await kafka.allow_system("grid36", PREFIX)
    await kafka.allow_department("water", DEPARTMENT, PREFIX)


def _without_merging(folder: Path) -> Path:
    """The example region in this folder, but reports about the same place do not become one case."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    book = folder / "rulebook.yaml"
    book.write_text(re.sub(r"merge: \{[^}]*\}, ?", "", book.read_text(encoding="utf-8")), encoding="utf-8")
    return folder
