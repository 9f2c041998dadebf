"""What an application remembers of a client: its session and the flash, as an action sees them.

Law: read and written by the application's own code, from the client's own cookies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import empty_receive
from starlette.responses import Response

from velocious import current
from velocious.controller.controller import Controller
from velocious.controller.params import Params
from velocious.controller.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope

    from velocious.configuration import Configuration


async def read_session(configuration: Configuration, scope: Scope) -> dict[str, Any]:
    """The values in the session."""
    with current.use(configuration):
        return (await _controller(configuration, scope)).session.to_dict()


async def read_flash(configuration: Configuration, scope: Scope) -> dict[str, Any]:
    """The messages that wait for the next page."""
    with current.use(configuration):
        return dict((await _controller(configuration, scope)).flash.items())


async def write_session(
    configuration: Configuration, scope: Scope, values: Mapping[str, Any]
) -> list[str]:
    """Set *values* in the session; the Set-Cookie headers that say so."""
    with current.use(configuration):
        controller = await _controller(configuration, scope)
        controller.session.update(values)
        response = Response()
        await controller._finish(response)
    return response.headers.getlist("set-cookie")


async def _controller(configuration: Configuration, scope: Scope) -> Controller:
    """The controller of a request that is never answered."""
    controller = Controller(Request(scope, empty_receive), Params(), configuration, "visitor")
    await controller.session.fetch()
    return controller
