"""Routes, requests and what is rendered for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.command_words import as_typed, to_migrate
from velocious.errors.base import VelociousError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Among more or longer names than these none is looked for: a client chose them.
_FEW, _SHORT = 50, 60


class RoutingError(VelociousError):
    """A route that cannot be drawn, or leads nowhere."""

    code = "routing_error"


class MissingControllerError(RoutingError):
    """A route leads to a controller whose file is not there."""

    code = "missing_controller"


class RouteHookError(RoutingError):
    """A hook answered with something that is no route."""

    code = "route_hook_error"


class UrlError(RoutingError):
    """An address that cannot be written: a value is missing, or the route would not match it."""

    code = "url_error"


class RenderError(VelociousError):
    """An action that answers with nothing, twice, or with what cannot be sent."""

    code = "render_error"


class RedirectError(RenderError):
    """An address that no redirect may lead to.

    Attributes:
        address: it; where a request holds it, the mistake is the client's.
    """

    code = "redirect_error"

    def __init__(self, address: object, problem: str) -> None:
        self.address = address
        super().__init__(f"The redirect to {address!r} {problem}")


class RequestError(VelociousError):
    """A client asked for something in a way that cannot be answered. Safe to show: it only repeats
    what the client sent.
    """

    code = "request_error"
    safe_to_expose = True
    status: int = 400

    def to_data(self) -> dict[str, Any]:
        """What the client is told."""
        return {"code": self.code, "message": str(self)}


class MalformedRequestError(RequestError):
    """A body that is not what its Content-Type says."""

    code = "malformed_request"


class UnsupportedBodyError(RequestError):
    """A body in an encoding or a character set that is not read."""

    code = "unsupported_body"
    status = 415


class TooManyParametersError(RequestError):
    """More parameters, or more files, than one request may have."""

    code = "too_many_parameters"

    def __init__(self, limit: int, kind: str = "parameters", option: str = "parameter_limit"):
        self.limit = limit
        super().__init__(
            f"The request has more than {limit:,} {kind}. Send fewer, or raise "
            f"Configuration(http={{{option!r}: …}})."
        )


class InvalidParameterError(RequestError):
    """Parameters that are not what the action takes.

    Attributes:
        errors: name → the code and the message of each mistake.
        status: 422, or 400 where a parameter is of another shape altogether.
    """

    code = "invalid_parameter"

    def __init__(
        self, errors: Mapping[str, Sequence[tuple[str, str]]], *, status: int = 422
    ) -> None:
        self.errors = {name: list(them) for name, them in errors.items()}
        self.status = status
        said = [f"{name!r} {text}" for name, them in self.errors.items() for _, text in them]
        super().__init__(f"The parameter {', '.join(said)}.")

    def to_data(self) -> dict[str, Any]:
        errors = {
            name: [{"code": code, "message": message} for code, message in them]
            for name, them in self.errors.items()
        }
        return {**super().to_data(), "errors": errors}


class UnpermittedParametersError(RenderError):
    """Parameters that would reach a record as a whole, without the program having named them."""

    code = "unpermitted_parameters"

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(names)
        few = ", ".join(repr(name) for name in self.names[:5])
        super().__init__(
            f"These parameters were used as a whole, but a client chose their names: {few}. Name "
            'those that you take: params.permit("name", "done"), or params.expect(task=["name"]). '
            "To look at all of them, iterate over params.items()."
        )


class MissingParameterError(RequestError, KeyError):
    """A parameter that an action needs was not sent."""

    code = "missing_parameter"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = sorted(known)
        super().__init__(f"The parameter {name!r} is missing.{self._hint()}")

    def _hint(self) -> str:
        if not self.known:
            return " The request has no parameters."
        near = [one for one in self.known if len(one) <= _SHORT]
        return f" {suggestion(self.name, near)}" if 0 < len(near) <= _FEW else ""

    def __str__(self) -> str:
        # KeyError would show the message in quotes.
        return str(self.args[0])


class NotAcceptableError(RequestError):
    """A client accepts none of the forms in which there is an answer."""

    code = "not_acceptable"
    status = 406

    def __init__(self, offered: Iterable[str]) -> None:
        self.offered = list(offered)
        super().__init__(
            f"There is no answer in a form that the request accepts. There is: "
            f"{', '.join(self.offered)}."
        )


class PreconditionFailedError(RequestError):
    """A client knows another version of what it wants to change."""

    code = "precondition_failed"
    status = 412

    def __init__(self) -> None:
        super().__init__(
            "This has been changed meanwhile. Get it again, and send its new ETag as If-Match."
        )


class RangeNotSatisfiableError(RequestError):
    """A client asks for a part of a file that the file does not have."""

    code = "range_not_satisfiable"
    status = 416

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(f"There are {size:,} bytes, and none in the range that was asked for.")


class BodyTooLargeError(RequestError):
    """A body, or a file in it, longer than the controller's limit."""

    code = "body_too_large"
    status = 413

    def __init__(
        self, limit: int, what: str = "body of the request", option: str = "body_limit"
    ) -> None:
        self.limit = limit
        super().__init__(
            f"The {what} is larger than {limit:,} bytes. Send less, or raise "
            f"{option} of the controller, or Configuration(http={{{option!r}: …}})."
        )


class FilterError(RoutingError):
    """A filter of a controller that names what is not there."""

    code = "filter_error"


class HostNotAllowedError(RequestError):
    """A request to a host that the application does not answer to."""

    code = "host_not_allowed"

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(
            f"The host {host!r} is not one that this application answers to. Its owner names them "
            'with Configuration(http={"hosts": […]}).'
        )


class OriginNotAllowedError(RequestError):
    """A preflight for what a page of another site may not ask."""

    code = "origin_not_allowed"
    status = 403

    def __init__(self, origin: str, method: str, headers: Iterable[str]) -> None:
        self.origin = origin
        self.method = method
        self.headers = [*headers]
        with_headers = f" with the headers {', '.join(self.headers)}" if self.headers else ""
        super().__init__(
            f"Pages of {origin!r} may not ask this address for {method}{with_headers}. Its owner "
            'allows it with a rule: Configuration(http={"cors": […]}).'
        )


class ForgeryError(RequestError):
    """A request that changes something, and may have been made by a page of another site."""

    code = "forgery_suspected"
    status = 403


class CookieError(VelociousError):
    """A cookie that no browser would keep, or that would not be safe."""

    code = "cookie_error"


class SessionsTableMissingError(VelociousError):
    """The database has no table for sessions."""

    code = "sessions_table_missing"

    def __init__(self, table: str, database: str) -> None:
        self.table = table
        self.database = database
        super().__init__(
            f"The database {database!r} has no table {table!r}, which sessions are to be kept in. "
            f"Write the migration with {as_typed('g:sessions')} (or call "
            f"`await self.create_sessions_table()` in one of yours) and run {to_migrate()}."
        )


class ActionTimeoutError(RequestError):
    """An action that took longer than ``http.timeout`` or its controller's ``timeout``."""

    code = "action_timed_out"
    status = 503

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"The request took longer than {seconds:g} seconds and was given up. "
            "Try again, or ask for less at a time."
        )
