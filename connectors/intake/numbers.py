"""Case numbers as people type them: `{region}-{grid}-{yymm}-{count}`."""

import re
from typing import Final

from connectors.intake.fields import Fields

_NUMBER: Final = re.compile(r"[^\s/?#%\x00-\x1f\x7f]{1,200}-[0-9]{2}(0[1-9]|1[0-2])-[0-9]{5,12}")


def looks_like_case_number(number: str) -> bool:
    """Whether it has the shape of a case number of any region."""
    return _NUMBER.fullmatch(number) is not None


def check_case_number(fields: Fields, name: str, region: str) -> str | None:
    """A case number of this region from the field `name`; None when absent or wrong."""
    number = fields.text(name)
    if not number:
        return None
    if not looks_like_case_number(number):
        fields.fault("bad_case_number", name, given=number, example=f"{region}-G01-2611-00042")
    elif not number.startswith(f"{region}-"):
        fields.fault("other_region", name, given=number, region=region)
    else:
        return number
    return None
