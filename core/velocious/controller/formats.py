"""``respond_to``: one action, several forms of its answer."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, cast

from velocious.controller.accepting import best_format
from velocious.errors import NotAcceptableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from velocious.controller.answering import Answering


def chosen_format(controller: Answering, offered: Sequence[str]) -> str:
    """The one of *offered* that the request asks for: by the parameter ``format`` of its path, else
    by its Accept header.

    Raises:
        NotAcceptableError: none of them.
    """
    request = controller.request
    named = request.scope["path_params"].get("format")
    if named is not None:
        found = named if named in offered else None
    else:
        controller.headers.add_vary_header("Accept")
        found = best_format(", ".join(request.headers.getlist("accept")), offered)
    if found is None:
        raise NotAcceptableError(offered)
    return found


async def respond_to(controller: Answering, answers: Mapping[str, Callable[[], Any]]) -> None:
    """Call the one of *answers* whose format the client likes best."""
    returned = answers[chosen_format(controller, [*answers])]()
    if isinstance(returned, Awaitable):
        await cast("Awaitable[Any]", returned)
