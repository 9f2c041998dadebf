"""One method of one path."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from velocious.controller.declaring import declaration_of
from velocious.controller.entrance import WITHOUT_BODY
from velocious.openapi.bodies import request_body
from velocious.openapi.errors import ERROR_CONTENT, INVALID, WRONG
from velocious.openapi.parameters import parameters

if TYPE_CHECKING:
    from velocious.controller.controller import Controller
    from velocious.controller.declaring import Answered, Declaration
    from velocious.routing.routes import Route


def operation(route: Route, method: str, controller: type[Controller]) -> dict[str, Any]:
    """The operation that *method* of *route* is."""
    action = getattr(controller, route.target.action)
    declared = declaration_of(action)
    described: dict[str, Any] = {
        "operationId": _identifier(route, method),
        "tags": [_tag(route)],
        **_words(action),
    }
    if found := parameters(route, declared):
        described["parameters"] = found
    if method not in WITHOUT_BODY and declared.body:
        described["requestBody"] = request_body(declared)
    described["responses"] = _responses(route, declared)
    return described


def _identifier(route: Route, method: str) -> str:
    # PATCH and PUT lead to one action, and every operation has a name of its own.
    suffix = "" if method == route.methods[0] else f"_{method.lower()}"
    return f"{_tag(route).replace('/', '_')}_{route.target.action}{suffix}"


def _tag(route: Route) -> str:
    return route.target.controller.removesuffix("Controller").lower()


def _words(action: Any) -> dict[str, str]:
    """Its summary and description: the docstring."""
    summary, _, rest = (inspect.getdoc(action) or "").partition("\n")
    words = {"summary": summary.strip(), "description": rest.strip()}
    return {name: text for name, text in words.items() if text}


def _responses(route: Route, declared: Declaration) -> dict[str, Any]:
    answers: dict[str, Any] = {
        str(status): _answer(answered) for status, answered in declared.answers.items()
    }
    if not any(status < 400 for status in declared.answers):
        answers["2XX"] = {"description": f"What {route.target} answers."}
    if declared.query or declared.body or declared.path:
        answers.setdefault("422", INVALID)
    return {**answers, "default": WRONG}


def _answer(answered: Answered) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answered.description}
    if answered.status >= 400 and answered.schema is None:
        described["content"] = ERROR_CONTENT
    if answered.schema is not None:
        described["content"] = {answered.content_type: {"schema": answered.schema}}
    return described
