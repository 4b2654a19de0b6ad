"""The whistle list 吹哨报到: what a street may call several departments for at once, and how fast they report in."""

from typing import Annotated

from pydantic import Field

from schemas.items import ItemId
from schemas.limit import Limit
from schemas.models import ChoiceEnum, FileModel
from schemas.names import Name
from schemas.people import Code


class WhistleClass(ChoiceEnum):
    """The classes of the whistle list; each has limits of its own."""

    JOINT_ENFORCEMENT = "joint_enforcement"  # 综合执法
    MANAGEMENT_SERVICE = "management_service"  # 管理服务
    EMERGENCY = "emergency"  # 应急处置


class ReportIn(FileModel):
    """How long a department that was called has to sign, to contact the street, and to attend. Sample values."""

    sign: Limit = "1h"
    contact: Limit = "24h"
    attend: Limit = "3d"


class Whistle(FileModel):
    """One item of the whistle list."""

    id: ItemId
    name: Name
    whistle_class: WhistleClass
    departments: Annotated[tuple[Code, ...], Field(min_length=1)]
    """The departments called by default."""
    basis: str = ""
    limits: ReportIn | None = None
    """Limits that replace those of its class."""
