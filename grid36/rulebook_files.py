"""Reading a rulebook from a region's folder."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from schemas.codec import faults
from schemas.errors import WrongInput
from schemas.rulebook import Rulebook

FILE = "rulebook.yaml"


class FaultyRulebook(WrongInput):
    """The rulebook cannot be used. Correct every place that is named."""


def load_rulebook(folder: Path) -> Rulebook:
    """The rulebook in `folder`/rulebook.yaml. Raises `FaultyRulebook` with all its mistakes."""
    file = folder / FILE
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # the safe loader, in C
    except FileNotFoundError:
        raise FaultyRulebook(
            "The region has no rulebook.yaml. Make one with `grid36 region new`.", file=str(file)
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FaultyRulebook(file=str(file), detail=" ".join(str(error).split())) from None
    try:
        return Rulebook.model_validate(content)
    except ValidationError as error:
        raise FaultyRulebook(file=str(file), detail=faults(error, 100)) from None
