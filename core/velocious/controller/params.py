"""``Params``: what a request says, by name."""

from __future__ import annotations

from typing import Any

from velocious.errors import MissingParameterError


class Params(dict[str, Any]):
    """A dictionary whose missing key is the client's mistake, not ours: it is answered with 400.

    Values from the path are of the type the route gives them, those of a JSON body as they came,
    others text.
    """

    def __missing__(self, name: str) -> Any:
        raise MissingParameterError(name, self)
