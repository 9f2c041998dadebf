"""How a value is marked that JSON has no form for: ``{"__velocious_type": "date", "value": …}``."""

from __future__ import annotations

#: The member that makes an object of JSON a marked value.
MARK = "__velocious_type"

DATE = "date"
BIGINT = "bigint"
NUMBER = "number"
UNDEFINED = "undefined"
BYTES = "bytes"
SET = "set"
#: An object of the application that has a member called like the mark itself, as a list of entries.
OBJECT = "object"
#: A record with what may be known of it: ``modelName``, ``attributes``, ``preloadedRelationships``.
FRONTEND_MODEL = "frontend_model"

# What only exact values have: JavaScript reads them as text and lists.
DECIMAL = "decimal"
UUID = "uuid"
PLAIN_DATE = "plain_date"
PLAIN_TIME = "plain_time"
PLAIN_DATETIME = "plain_datetime"
TUPLE = "tuple"

#: The integers that a number of JavaScript holds exactly lie between this and its negative.
SAFE_INTEGER = 2**53 - 1

#: Containers in containers; more of them end in RecursionError, here or where they are read.
DEEPEST = 200


def marked(kind: str, value: object) -> dict[str, object]:
    """*value*, which JSON has a form for, as what stands for a value of *kind*."""
    return {MARK: kind, "value": value}
