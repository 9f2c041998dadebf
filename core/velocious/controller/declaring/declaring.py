"""``@accepts`` and ``@responds``: what an action takes and answers, said once for its check and for
its documentation.

Law: declaring does no work: a schema is compiled when the first request needs it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from velocious.controller.declaring.schemas import schema_of
from velocious.errors import RoutingError, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from velocious.controller.declaring.schemas import Schema

    type Action = Callable[..., Coroutine[Any, Any, Any]]

_ATTRIBUTE = "_velocious_declaration"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of an action: its status, what it says, and the schema of its JSON, if any."""

    status: int
    description: str
    schema: Schema | None = None
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an action says about itself.

    Attributes:
        path: name → schema of parameters in the path, beyond what the route says.
        query: name → schema of parameters in the query.
        body: name → schema of parameters in the body.
        required: names in the query or the body that must be there.
        answers: status → what is answered with it.
    """

    path: dict[str, Schema] = field(default_factory=dict[str, "Schema"])
    query: dict[str, Schema] = field(default_factory=dict[str, "Schema"])
    body: dict[str, Schema] = field(default_factory=dict[str, "Schema"])
    required: frozenset[str] = frozenset()
    answers: dict[int, Answered] = field(default_factory=dict[int, Answered])


def accepts(
    *,
    path: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    required: Iterable[str] = (),
) -> Callable[[Action], Action]:
    """Declare what an action takes. It is checked before the action runs (after its filters): what
    does not fit is answered with 422 and the errors by name. Text of queries and forms becomes
    what is declared; a ``default`` fills in what is missing.

    ::

        @accepts(query={"page": {"type": "integer", "minimum": 1, "default": 1}, "tags[]": [str]})
        async def index(self): ...

        @accepts(
            body={"title": {"type": "string", "maxLength": 200}, "due": date, "cover": "file"},
            required=["title"],
        )
        async def create(self): ...

    Raises:
        RoutingError: for a type that is none, or a required name that is not declared.
    """
    parts = [
        {name: schema_of(one) for name, one in (given or {}).items()}
        for given in (path, query, body)
    ]
    needed = frozenset([required] if isinstance(required, str) else required)
    _check_required(needed, {*parts[1], *parts[2]})

    def decorate(action: Action) -> Action:
        declared = replace(
            declaration_of(action), path=parts[0], query=parts[1], body=parts[2], required=needed
        )
        checked = _checked(action, declared)
        setattr(checked, _ATTRIBUTE, declared)
        return checked

    return decorate


def responds(
    status: int = 200,
    schema: Any = None,
    *,
    description: str = "",
    content_type: str = "application/json",
) -> Callable[[Action], Action]:
    """Declare one answer of an action, for the documentation::

    @responds(201, {"type": "object", "properties": {"id": int}}, description="The new task")
    @responds(409, description="There is such a task")
    """

    def decorate(action: Action) -> Action:
        known = declaration_of(action)
        says = description or HTTPStatus(status).phrase
        shape = None if schema is None else schema_of(schema)
        answered = Answered(status, says, shape, content_type)
        # The decorator that stands first is applied last.
        answers = {status: answered, **known.answers}
        setattr(action, _ATTRIBUTE, replace(known, answers=answers))
        return action

    return decorate


def declaration_of(action: Any) -> Declaration:
    """What *action* says about itself; nothing, where it is not declared."""
    return getattr(action, _ATTRIBUTE, _NOTHING)


_NOTHING = Declaration()


def _checked(action: Action, declared: Declaration) -> Action:
    checker: Any = None

    @wraps(action)
    async def checked(controller: Any) -> Any:
        nonlocal checker
        if checker is None:
            # Imported and compiled here: most actions declare nothing, and no start waits for it.
            from velocious.controller.declaring.checking import Checker

            checker = Checker(declared)
        controller.params = checker.check(controller.params, controller.request)
        return await action(controller)

    return checked


def _check_required(required: frozenset[str], declared: set[str]) -> None:
    for name in required:
        if name not in declared:
            raise RoutingError(
                f"required={name!r} is not declared. {suggestion(name, declared)} Name it in "
                "query={…} or body={…}, too."
            )
