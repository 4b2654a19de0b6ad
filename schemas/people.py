"""People, teams and organisations of a region, under pseudonymous ids."""

import re
from hashlib import sha256
from typing import Annotated
from unicodedata import normalize

from pydantic import Field, StringConstraints

from schemas.models import ChoiceEnum, FileModel
from schemas.names import Language, Name

CODE_PATTERN = r"^[a-z0-9][a-z0-9-]{0,60}$"
"""Codes of organisations and teams are parts of Kafka topic names."""

ID_PATTERN = r"^[^\s/?#%]{1,100}$"
"""Ids of grids, segments, poles and people are opaque, but go into keys and addresses of pages."""

Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]


class Role(ChoiceEnum):
    """The roles of people; a person can have several."""

    PATROLLER = "patroller"  # 网格员, 路巡员
    VOLUNTEER = "volunteer"  # 先锋骑手, 移动探头
    RESIDENT = "resident"  # 居民
    STEWARD = "steward"  # 小巷管家
    LANE_CHIEF = "lane_chief"  # 巷长
    STREET_CHIEF = "street_chief"  # 街长
    SEGMENT_SUPERVISOR = "segment_supervisor"  # 路段负责人
    EXECUTOR = "executor"  # 作业员
    DEPARTMENT_OFFICER = "department_officer"  # 部门
    STREET_OFFICE = "street_office"  # 街道, 乡镇
    LIST_STEWARD = "list_steward"  # 组织部, 编办
    COORDINATOR = "coordinator"  # 区, 市
    INSPECTOR = "inspector"  # 核查员
    IMPORTER = "importer"  # another platform
    SYSTEM = "system"  # a deadline, a policy


class Power(ChoiceEnum):
    """A power delegated to a street 赋权; the region names its holders, else `schemas.directory` does."""

    COORDINATION = "coordination"  # 统筹协调权: calls departments together (whistle)
    EVALUATION = "evaluation"  # 考核评价权: rates how departments report in
    EMERGENCY = "emergency"  # 应急处置权: calls departments to an emergency
    PROPERTY_GRADING = "property_grading"  # 物业信用评定权
    APPOINTMENT = "appointment"  # 人事任免建议权
    LIST_DRAFTING = "list_drafting"  # 清单调整建议权: proposes a change of the list
    LIST_APPROVAL = "list_approval"  # 清单调整审批权: decides about one


class Delegation(FileModel):
    """Who holds a power: people of these roles and these people by name, in the named grids or (none named) in all."""

    power: Power
    roles: tuple[Role, ...] = ()
    persons: tuple[Id, ...] = ()
    grids: tuple[Id, ...] = ()


class Person(FileModel):
    """Somebody who reports, handles or decides; `id` is a pseudonym, never contact data."""

    id: Id
    name: Name
    roles: tuple[Role, ...] = Field(min_length=1)
    department: Code | None = None
    team: Code | None = None
    language: Language = Language.ZH
    replaces: tuple[Id, ...] = ()
    """Ids of people whom this person replaces: their open cases become this person's."""


class Team(FileModel):
    """A team of volunteers or workers, such as one of a city's rider teams."""

    code: Code
    name: Name


class OrganisationKind(ChoiceEnum):
    """The kind of an organisation."""

    DEPARTMENT = "department"
    STREET = "street"
    FIRM = "firm"
    CREW = "crew"


class Organisation(FileModel):
    """A body that orders, owns or does work; departments have a topic named by `code`."""

    code: Code
    name: Name
    kind: OrganisationKind
    replaces: tuple[Code, ...] = ()
    """Codes of departments that became this one: their open cases become its own."""


def code_from_name(name: str) -> str:
    """A code for any name: its ASCII letters and digits, and a short hash when these are not the whole name.

    The same name always gives the same code. Names that differ only in case, punctuation or runs of
    spaces share one, except where letters outside ASCII (or too long a name) call for the hash.
    """
    plain = normalize("NFKC", name).strip().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    lost = any(not c.isascii() and c.isalnum() for c in plain)
    if slug and not lost and len(slug) <= 61:
        return slug
    digest = sha256(plain.encode()).hexdigest()[:10]
    return f"{slug[:50].rstrip('-')}-{digest}" if slug else f"x-{digest}"
