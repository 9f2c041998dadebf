"""What is asked of a backend, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, cast

from velocious.errors import BackendAnswerError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Commands that change nothing: asking twice does no harm.
SAFE = frozenset({"index", "find", "count", "pluck", "describe", "download", "url"})


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that is asked.

    Attributes:
        model: the model's name.
        kind: ``"index"``, ``"find"``, ``"create"`` and the like, or the name of a command of the
            application's own.
        payload: what it is told.
        own: whether it is one of the application's own.
        key: of the record that one of those is about.
    """

    model: str
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])
    own: bool = False
    key: Any = None

    @property
    def is_safe(self) -> bool:
        """Whether it changes nothing."""
        return not self.own and self.kind in SAFE

    def to_data(self, id: str) -> dict[str, Any]:
        """It as an entry of a batch, which is answered under *id*."""
        data: dict[str, Any] = {"requestId": id, "model": self.model, "payload": dict(self.payload)}
        if not self.own:
            return {**data, "commandType": self.kind}
        data |= {"commandType": "custom", "command": self.kind}
        return data if self.key is None else {**data, "id": self.key}


def member(response: Mapping[str, Any], name: str, kind: type, backend: str) -> Any:
    """What *response* has under *name*. Raises BackendAnswerError where that is no *kind*."""
    value = response.get(name)
    if not isinstance(value, kind):
        _misunderstood(backend, f"its answer has no {name!r}, or another one than expected")
    return value


def object_of(value: Any, backend: str) -> dict[str, Any]:
    """*value* as an object of JSON. Raises BackendAnswerError."""
    if not isinstance(value, dict):
        _misunderstood(backend, f"{value!r:.60} is where an object belongs")
    return cast("dict[str, Any]", value)


def _misunderstood(backend: str, problem: str) -> NoReturn:
    raise BackendAnswerError(backend, problem)
