"""Logs: JSON lines on stderr for processes, plain lines for a terminal; never a token, a phone number or a body."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

SECRET = ("token", "phone", "authorization", "password", "secret", "body", "text")
OURS = ("grid36", "streams", "connectors", "rules")
NOISY = ("aiokafka", "faust", "mode")
"""Kafka's clients report every reconnect as an error; our own processes say what they wait for."""


def set_up_plain() -> None:
    """For commands that end soon: warnings as plain lines on stderr."""
    logging.basicConfig(format="  … %(message)s", level=logging.WARNING, force=True)
    _quieten()


def set_up(level: str = "info") -> None:
    """For processes: structlog and the libraries' logging on stderr, in one form."""
    import structlog

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),  # ids as fields: `report`, `case`
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    _quieten()


def redact(_: object, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank whatever could be a secret or somebody's words."""
    for key in entry:
        if key.lower() in SECRET:
            entry[key] = "…"
    return entry


def _quieten() -> None:
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    logging.getLogger("streams.drivers.faust").setLevel(logging.WARNING)  # Faust logs every service it starts
