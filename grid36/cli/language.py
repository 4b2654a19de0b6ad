"""Which language the command speaks: `--lang`, else `GRID36_LANG`, else that of the terminal, else Chinese."""

import os
from collections.abc import Mapping

import click

from schemas.names import Language

TERMINAL = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a terminal says its language; the first one that is set counts, as POSIX has it."""
NO_LANGUAGE = frozenset({"C", "POSIX"})

lang_option = click.option(
    "--lang",
    type=click.Choice([language.value for language in Language]),
    help="Language of answers; else GRID36_LANG, else that of the terminal (LANG).",
)


def spoken(environment: Mapping[str, str] = os.environ) -> Language | None:
    """The language that was asked for on the command line, or that the terminal has; None: the settings say it."""
    context = click.get_current_context(silent=True)
    asked = context.find_root().params.get("lang") if context is not None else None
    if asked is not None:
        return Language(asked)
    if environment.get("GRID36_LANG"):
        return None
    said = next((value for name in TERMINAL if (value := environment.get(name))), "")
    name = said.split(".")[0].split("@")[0]
    if not name or name in NO_LANGUAGE:
        return None
    return Language.ZH if name.split("_")[0] == "zh" else Language.EN
