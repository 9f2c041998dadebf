"""Turns what went wrong into an answer: JSON for programs, a page for people.

Law: outside development a client learns what it did wrong, never what we did.
"""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from velocious.controller.accepting import prefers_html, prefers_text
from velocious.controller.request_id import request_id
from velocious.errors import (
    QueryError,
    RecordNotFoundError,
    RedirectError,
    RequestError,
    ValidationError,
)
from velocious.routing.error_page import error_page
from velocious.routing.error_report import message_of, report
from velocious.routing.error_style import CONTENT_SECURITY
from velocious.routing.nearest import NothingHere
from velocious.routing.parameter_filter import FILTERED, LONGEST, is_secret, logged_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller

logger = logging.getLogger("velocious.http")

#: Key of the scope: a list, from whoever wants the errors themselves beside their pages (tests).
FAILURES = "velocious.failures"

#: nginx's number for a client that went away before it got its answer.
CLIENT_CLOSED_REQUEST = 499

#: What a client did, or wanted.
_CLIENTS = (HTTPException, RequestError, RecordNotFoundError, ValidationError, ClientDisconnect)


def explain_failure(
    request: Request,
    error: Exception,
    configuration: Configuration,
    controller: Controller | None = None,
) -> Response:
    """The answer to a request of *controller*, where it came that far, that ended with *error*."""
    if isinstance(error, HTTPException):
        return _http_exception(request, error, configuration)
    if isinstance(error, RequestError):
        return show(request, error.status, error.to_data(), configuration=configuration)
    if isinstance(error, RecordNotFoundError):
        return _not_found(request, error, configuration)
    if isinstance(error, ValidationError):
        details = {"code": error.code, "message": str(error), "errors": error.errors.to_data()}
        return show(request, 422, details, configuration=configuration)
    if isinstance(error, ClientDisconnect):
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    if isinstance(error, QueryError | RedirectError) and controller is not None:
        # Imported here: what programs write into their queries fits.
        from velocious.controller.params.blaming import clients_mistake

        mistake = clients_mistake(error, controller.params)
        if mistake is not None:
            return explain_failure(request, mistake, configuration)
    return _internal(request, error, configuration)


def is_internal(error: Exception) -> bool:
    """Whether *error* is ours to repair, and not a client's mistake."""
    return not isinstance(error, _CLIENTS)


def _http_exception(
    request: Request, error: HTTPException, configuration: Configuration
) -> Response:
    status = error.status_code
    if status in (204, 304):
        return Response(status_code=status, headers=error.headers)
    message = error.detail
    if status == 404 and message == HTTPStatus.NOT_FOUND.phrase:
        message = f"There is nothing at {request.url.path}."
    elif status == 405 and message == HTTPStatus.METHOD_NOT_ALLOWED.phrase:
        allowed = (error.headers or {}).get("Allow", "")
        message = f"{request.method} is not answered here. Allowed: {allowed}."
    details: dict[str, Any] = {"code": _code(status), "message": message}
    if configuration.environment == "development" and isinstance(error, NothingHere):
        details["nearest_routes"] = error.nearest_routes()
    return show(request, status, details, error.headers, configuration=configuration)


def _not_found(
    request: Request, error: RecordNotFoundError, configuration: Configuration
) -> Response:
    message = f"There is nothing at {request.url.path}."
    if configuration.environment != "production":
        # It names the model and what was looked for.
        message = str(error)
    details = {"code": error.code, "message": message}
    return show(request, 404, details, configuration=configuration)


def show(
    request: Request,
    status: int,
    details: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    *,
    configuration: Configuration | None = None,
) -> Response:
    """*details* as the client likes them; *configuration*'s ``web/404.html`` and the like in place
    of our pages.
    """
    headers = {"Cache-Control": "no-store", **(headers or {})}
    accept = request.headers.get("accept", "")
    called = request_id(request.scope)
    if prefers_html(accept):
        own = None if configuration is None else _own_page(status, configuration)
        if own is not None:
            return HTMLResponse(own, status, headers)
        headers["Content-Security-Policy"] = CONTENT_SECURITY
        return HTMLResponse(error_page(status, details, called), status, headers)
    if prefers_text(accept):
        text = details.get("traceback") or details["message"]
        return PlainTextResponse(f"{text}\n", status, headers)
    extra = {"request_id": called} if status >= 500 else {}
    return JSONResponse({"error": {**details, **extra}}, status, headers)


def _own_page(status: int, configuration: Configuration) -> str | None:
    """The application's page, such as ``web/404.html``; in development, ours says more."""
    path = f"web/{status}.html"
    if configuration.environment == "development" or configuration.directory is None:
        return None
    return configuration.files.read_text(path) if configuration.files.exists(path) else None


def _internal(request: Request, error: Exception, configuration: Configuration) -> Response:
    secret = configuration.http.log_parameters
    address = logged_address(request.scope["path"], request.scope["query_string"], secret)
    logger.error("%s %s failed", request.method, address, exc_info=error)
    if FAILURES in request.scope:
        request.scope[FAILURES].append(error)
    if configuration.environment == "development":
        return _for_developers(request, error, address, configuration)
    details: dict[str, Any] = {
        "code": "internal_error",
        "message": "Something went wrong on the server. It has been logged.",
    }
    return show(request, 500, details, configuration=configuration)


def _for_developers(
    request: Request, error: Exception, address: str, configuration: Configuration
) -> Response:
    # Imported here: production never shows it.
    from velocious.routing.development_page import development_page

    text = "".join(traceback.format_exception(error))
    if not prefers_html(request.headers.get("accept", "")):
        message = f"{type(error).__name__}: {message_of(error)}"
        details = {"code": "internal_error", "message": message, "traceback": text}
        return show(request, 500, details)
    asked = f"{request.method} {address}"
    facts = _facts(request, configuration.http.log_parameters)
    html = development_page(report(error, configuration.directory), asked, facts, text)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": CONTENT_SECURITY}
    return HTMLResponse(html, 500, headers)


def _facts(request: Request, secret: Sequence[str]) -> dict[str, dict[str, str]]:
    """What the request said, without what is *secret* or sounds so."""
    start = request.scope["query_string"][:LONGEST].decode("latin-1")
    query = parse_qsl(start, keep_blank_values=True)
    parameters = {**dict(query), **request.scope.get("path_params", {})}
    return {
        "Parameters in the address": _filtered(parameters, secret),
        "Headers": _filtered(dict(request.headers), secret),
    }


def _filtered(values: Mapping[str, Any], secret: Sequence[str]) -> dict[str, str]:
    return {
        name: FILTERED if is_secret(name, secret) else str(value) for name, value in values.items()
    }


def _code(status: int) -> str:
    try:
        return HTTPStatus(status).name.lower()
    except ValueError:
        return f"http_{status}"
