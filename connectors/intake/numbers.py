"""Case numbers as people type them: `{region}-{grid}-{yymm}-{count}`."""

import re
from typing import Final

CASE_NUMBER: Final = r"^[^\s/?#%\x00-\x1f\x7f]{1,200}-[0-9]{2}(0[1-9]|1[0-2])-[0-9]{5,12}$"


def looks_like_case_number(number: str) -> bool:
    """Whether it has the shape of a case number of any region."""
    return re.fullmatch(CASE_NUMBER, number) is not None
