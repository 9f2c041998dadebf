"""What every operation may answer: errors, as ``routing/failures.py`` says them."""

from __future__ import annotations

from typing import Any

_MISTAKE: dict[str, Any] = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
    "required": ["code", "message"],
}
_ERROR: dict[str, Any] = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "errors": {
                    "type": "object",
                    "description": "What is wrong, by the name of the parameter or attribute.",
                    "additionalProperties": {"type": "array", "items": _MISTAKE},
                },
            },
            "required": ["code", "message"],
        }
    },
    "required": ["error"],
}


ERROR_CONTENT: dict[str, Any] = {
    "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
}


def _response(description: str) -> dict[str, Any]:
    return {"description": description, "content": ERROR_CONTENT}


COMPONENTS: dict[str, Any] = {
    "schemas": {"Error": _ERROR},
    "responses": {
        "Error": _response("What went wrong."),
        "Invalid": _response("Parameters that are not what is taken here, by name."),
    },
}
WRONG = {"$ref": "#/components/responses/Error"}
INVALID = {"$ref": "#/components/responses/Invalid"}
