"""Logs: JSON lines on stderr for processes, plain lines for a terminal; never a token, a phone number or a body."""

import logging
import sys

import structlog

SECRET = ("token", "phone", "authorization", "password", "secret", "body", "text")


def set_up(level: str = "info") -> None:
    """Send structlog and the libraries' logging to stderr in one form."""
    terminal = sys.stderr.isatty()
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
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
    logging.getLogger("grid36").setLevel(level.upper())
    for name in ("streams", "connectors", "rules"):
        logging.getLogger(name).setLevel(level.upper())
    # Kafka's clients report every reconnect as an error; our own processes say what they wait for
    for name in ("aiokafka", "faust", "mode"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def redact(_: object, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Blank whatever could be a secret or somebody's words."""
    for key in entry:
        if key.lower() in SECRET:
            entry[key] = "…"
    return entry
