"""What a form without files posted."""

from typing import Final

from aiohttp import web

from connectors.intake.refusal import bad

FORM: Final = "application/x-www-form-urlencoded"


async def posted_fields(request: web.Request) -> dict[str, str]:
    """Its fields. Raises `Refused` (400) for anything else."""
    if request.content_type != FORM:
        raise bad("bad_form")
    try:
        return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    except (ValueError, LookupError):
        raise bad("bad_form") from None
