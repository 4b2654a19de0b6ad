"""Types of settings that doors share."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from schemas.mistake import mistake


def _without_blanks(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if not value.isascii() or not value.isprintable() or " " in value or len(value) > 300:
        raise mistake("chat.setting.no_blanks")
    return secret


Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$", max_length=500)]
"""Of an API or a proxy: scheme, host, perhaps a path."""
Count = Annotated[int, Field(ge=1, le=100_000)]
Bytes = Annotated[int, Field(ge=1000, le=1_000_000_000)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Rate = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Secret = Annotated[SecretStr, AfterValidator(_without_blanks)]
"""A blank in it is a slip of the hand."""
