"""Routes, requests and what is rendered for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from velocious.errors.base import VelociousError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable


class RoutingError(VelociousError):
    """A route that cannot be drawn, or leads nowhere."""

    code = "routing_error"


class RenderError(VelociousError):
    """An action that answers with nothing, twice, or with what cannot be sent."""

    code = "render_error"


class RequestError(VelociousError):
    """A client asked for something in a way that cannot be answered. Safe to show: it only repeats
    what the client sent.
    """

    code = "request_error"
    safe_to_expose = True
    status: ClassVar[int] = 400


class MalformedRequestError(RequestError):
    """A body that is not what its Content-Type says."""

    code = "malformed_request"


class MissingParameterError(RequestError, KeyError):
    """A parameter that an action needs was not sent."""

    code = "missing_parameter"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = sorted(known)
        super().__init__(
            f"The parameter {name!r} is missing. "
            + (suggestion(name, self.known) if self.known else "The request has no parameters.")
        )

    def __str__(self) -> str:
        # KeyError would show the message in quotes.
        return str(self.args[0])


class BodyTooLargeError(RequestError):
    """A body longer than the controller's limit."""

    code = "body_too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"The body of the request is larger than {limit:,} bytes. Send less, or raise "
            "body_limit of the controller."
        )
