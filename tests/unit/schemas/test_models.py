import pytest
from pydantic import BaseModel

from schemas.case import Case, State
from schemas.models import FileModel, LogModel


def models(kind: type[BaseModel]) -> list[type[BaseModel]]:
    return [each for part in kind.__subclasses__() for each in (part, *models(part))]


def test_no_model_needs_the_hook_that_finds_private_attributes_and_extras() -> None:
    """It is gone, because it makes every attribute slow; a model with one of either could not be read."""
    found = [*models(LogModel), *models(FileModel)]
    assert len(found) > 50
    assert [each for each in found if each.__private_attributes__ or each.model_config["extra"] == "allow"] == []


@pytest.mark.parametrize("name", ["nonsense", "__nonsense__", "_nonsense"])
def test_a_field_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(AttributeError, match=f"'Case' object has no attribute '{name}'"):
        getattr(Case(number="n", home="h", report="r", state=State.SUBMITTED), name)
