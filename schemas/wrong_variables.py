"""Describes wrong environment variables in both languages, without their values."""

from pydantic import ValidationError

from schemas.errors import Stop
from schemas.mistake_words import said_of
from schemas.names import Language, Name

MOST = 20


def wrong_variables(error: ValidationError, prefix: str) -> Name:
    """Each variable with its mistake; `prefix` is what the names of all begin with."""
    zh, en = [], []
    for row in error.errors(include_url=False, include_input=False)[:MOST]:
        said, name = said_of(row), prefix + "_".join(map(str, row["loc"])).upper() if row["loc"] else ""
        zh.append(f"{name}：{said.zh}" if name else said.zh)
        en.append(f"{name}: {said.en}" if name else said.en)
    return Name(zh="；".join(zh), en="; ".join(en))


def with_detail(error: type[Stop], detail: Name) -> Name:
    """What an error of this kind says, followed by what is wrong."""
    said = error()
    return Name(
        zh=f"{said.message(Language.ZH)}{detail.zh}",
        en=f"{said.message(Language.EN)} {detail.en}",
    )
