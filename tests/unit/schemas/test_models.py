import pytest
from pydantic import BaseModel, ConfigDict, PrivateAttr

from schemas.case import Case, State
from schemas.models import FileModel, LogModel, plain_attributes


def models(kind: type[BaseModel]) -> list[type[BaseModel]]:
    return [each for part in kind.__subclasses__() for each in (part, *models(part))]


def test_no_model_needs_the_hook_that_finds_private_attributes_and_extras() -> None:
    """A worker takes it away, because it makes every attribute slow; a model with one of either could not be read."""
    found = [*models(LogModel), *models(FileModel)]
    assert len(found) > 50
    assert [each for each in found if each.__private_attributes__ or each.model_config["extra"] == "allow"] == []


@pytest.mark.parametrize("name", ["nonsense", "__nonsense__", "_nonsense"])
def test_a_field_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(AttributeError, match=f"'Case' object has no attribute '{name}'"):
        getattr(Case(number="n", home="h", report="r", state=State.SUBMITTED), name)


class OfAnotherProgram(BaseModel):
    """A model with what none of ours has."""

    model_config = ConfigDict(extra="allow")
    _private: int = PrivateAttr(default=7)


def test_models_of_a_program_that_imports_us_keep_their_attributes() -> None:
    """Only inside a worker is the hook gone, and only until it ends, also where two of them overlap."""
    model = OfAnotherProgram.model_validate({"extra": 3})
    assert (model.extra, model._private) == (3, 7)  # type: ignore[attr-defined]
    with plain_attributes():
        assert "__getattr__" not in vars(BaseModel)
        with plain_attributes():
            pass
    assert (model.extra, model._private) == (3, 7)  # type: ignore[attr-defined]
