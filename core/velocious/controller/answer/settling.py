"""What an action answered with: what it rendered, or the response that it returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from velocious.errors import RenderError

if TYPE_CHECKING:
    from velocious.controller.controller import Controller


def settled(controller: Controller, returned: Any, method: str | None = None) -> Response:
    """The answer of *controller*, whose *method* (the action, by default) returned *returned*.

    Raises:
        RenderError: there is none, or what was returned is none.
    """
    if returned is None and controller.response is not None:
        return controller.response
    if isinstance(returned, Response):
        if returned is not controller.response:
            controller._answer(returned)
        return returned
    name = f"{type(controller).__name__}#{method or controller.action}"
    if returned is not None:
        raise RenderError(
            f"{name} returned {returned!r}, which is no response. Render it: "
            "`self.render(json=…)`, and return nothing."
        )
    views = controller.configuration.views
    if method is None and views.has_template(controller, controller.action):
        controller.render()
        if controller.response is not None:
            return controller.response
    raise RenderError(
        f"{name} ended without an answer, and has no template. End it with self.render(json=…), "
        "self.render_text(…), self.redirect_to(…) or self.head(204), or create "
        f"{views.wanted_path(controller)}."
    )
