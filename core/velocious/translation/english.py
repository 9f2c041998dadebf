"""The English messages: the table that every other one is measured by."""

from __future__ import annotations

from typing import Any

#: Plain JSON: text, plural forms, and tables of them. ``{name}`` is filled in from the details.
ENGLISH: dict[str, Any] = {
    "errors": {
        "blank": "can't be blank",
        "taken": "has already been taken",
        "invalid": "is invalid",
        "too_long": {
            "one": "is too long (maximum is {count} character)",
            "other": "is too long (maximum is {count} characters)",
        },
        "too_short": {
            "one": "is too short (minimum is {count} character)",
            "other": "is too short (minimum is {count} characters)",
        },
        "too_many_bytes": "is too long (maximum is {count} bytes)",
        "wrong_length": {
            "one": "is the wrong length (should be {count} character)",
            "other": "is the wrong length (should be {count} characters)",
        },
        "unsupported": "cannot be stored: {reason}",
        "inclusion": "is not included in the list",
        "exclusion": "is reserved",
        "not_a_number": "is not a number",
        "not_an_integer": "must be an integer",
        "odd": "must be odd",
        "even": "must be even",
        "greater_than": "must be greater than {count}",
        "greater_than_or_equal_to": "must be greater than or equal to {count}",
        "equal_to": "must be equal to {count}",
        "less_than": "must be less than {count}",
        "less_than_or_equal_to": "must be less than or equal to {count}",
        "other_than": "must be other than {count}",
        "confirmation": "doesn't match {confirmed}",
        "accepted": "must be accepted",
        "content_type": "has a type that is not allowed ({content_type})",
        "file_too_large": "is too large (maximum is {limit})",
        "file_too_small": "is too small (minimum is {limit})",
        "too_many_files": {
            "one": "has too many files (maximum is {count} file)",
            "other": "has too many files (maximum is {count} files)",
        },
    },
    "full_message": "{attribute} {message}",
}
