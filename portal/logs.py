"""Logs that hold nothing personal: one JSON object a line on standard error, no query, no address, no values.

Messages of exceptions may quote what somebody typed, so only the type of an exception and the places in our
code are written. `security` is the logger for refused attempts.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

Record = MutableMapping[str, Any]
_KEPT = frozenset({"event", "level", "logger", "timestamp", "where", "exception", "code", "status", "path"})
_ARGUMENTS = re.compile(r"\?\S*")
_DIGITS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{5,}", re.IGNORECASE)


def _exception_without_values(_logger: object, _name: str, record: Record) -> Record:
    """Replace an exception by its type and the last places it passed; its message may hold what a person typed."""
    info = record.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if info and info[0] is not None:
        frames = traceback.extract_tb(info[2])[-8:]
        record["exception"] = info[0].__name__
        record["where"] = [
            f"{frame.filename.rsplit('/', 3)[-1]}:{frame.lineno}:{frame.name}" for frame in frames
        ]
    record.pop("stack_info", None)
    return record


def _foreign_arguments(_logger: object, _name: str, record: Record) -> Record:
    """Drop what other libraries attach to their records; Django attaches the request and the user's input."""
    return {
        key: value for key, value in record.items() if key in _KEPT or key.startswith("_") or key[:2] == "n_"
    }


def _shortened(_logger: object, _name: str, record: Record) -> Record:
    """Cut queries and long numbers from messages: an address or a code may have been pasted into a path."""
    text = str(record.get("event", ""))[:300]
    record["event"] = _DIGITS.sub("…", _ARGUMENTS.sub("", text))
    return record


def logging_config(*, level: str) -> dict[str, Any]:
    """Return the `LOGGING` dictionary; `level` is a name of the standard library's levels."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _exception_without_values,
                    _foreign_arguments,
                    _shortened,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "portal": {"level": level},
            "requests_app": {"level": level},
            "security": {"level": "INFO"},
            # Its warnings print bodies of SQL and paths of 404s; errors alone are of use to an operator.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
            "pyhanko": {"level": "ERROR"},
            "pyhanko_certvalidator": {"level": "CRITICAL"},
        },
    }
