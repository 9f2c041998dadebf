"""Turns what went wrong into an answer: JSON for programs, a page for people.

Law: outside development a client learns what it did wrong, never what we did.
"""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, JSONResponse, Response

from velocious.errors import RecordNotFoundError, RequestError, ValidationError
from velocious.routing.accepting import prefers_html
from velocious.routing.error_page import CONTENT_SECURITY, error_page
from velocious.routing.parameter_filter import logged_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

logger = logging.getLogger("velocious.http")

#: nginx's number for a client that went away before it got its answer.
CLIENT_CLOSED_REQUEST = 499


def explain_failure(request: Request, error: Exception, environment: str) -> Response:
    """The answer to a request that ended with *error*."""
    if isinstance(error, HTTPException):
        return _http_exception(request, error)
    if isinstance(error, RequestError):
        return show(request, error.status, {"code": error.code, "message": str(error)})
    if isinstance(error, RecordNotFoundError):
        return show(request, 404, {"code": error.code, "message": str(error)})
    if isinstance(error, ValidationError):
        details = {"code": error.code, "message": str(error), "errors": error.errors.to_data()}
        return show(request, 422, details)
    if isinstance(error, ClientDisconnect):
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    return _internal(request, error, environment)


def _http_exception(request: Request, error: HTTPException) -> Response:
    status = error.status_code
    if status in (204, 304):
        return Response(status_code=status, headers=error.headers)
    message = error.detail
    if status == 404 and message == HTTPStatus.NOT_FOUND.phrase:
        message = f"There is nothing at {request.url.path}."
    elif status == 405:
        allowed = (error.headers or {}).get("Allow", "")
        message = f"{request.method} is not answered here. Allowed: {allowed}."
    return show(request, status, {"code": _code(status), "message": message}, error.headers)


def show(
    request: Request,
    status: int,
    details: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """*details* as the client likes them."""
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if prefers_html(request.headers.get("accept", "")):
        headers["Content-Security-Policy"] = CONTENT_SECURITY
        return HTMLResponse(error_page(status, details), status, headers)
    return JSONResponse({"error": dict(details)}, status, headers)


def _internal(request: Request, error: Exception, environment: str) -> Response:
    address = logged_address(request.scope["path"], request.scope["query_string"])
    logger.error("%s %s failed", request.method, address, exc_info=error)
    details: dict[str, Any] = {
        "code": "internal_error",
        "message": "Something went wrong on the server. It has been logged.",
    }
    if environment == "development":
        details["message"] = f"{type(error).__name__}: {error}"
        details["traceback"] = "".join(traceback.format_exception(error))
    return show(request, 500, details)


def _code(status: int) -> str:
    try:
        return HTTPStatus(status).name.lower()
    except ValueError:
        return f"http_{status}"
