"""``@validate``: a method of the model that reports what is wrong."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, cast, overload

from velocious.record import conditions as conditional
from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.record.conditions import Test
    from velocious.record.record import Record

MARK = "_velocious_validates"


class MethodValidator(Validator):
    """Calls the record's method of a name, so that an override replaces its parent."""

    def __init__(self, name: str, conditions: conditional.Conditions | None) -> None:
        super().__init__(())
        self.name = name
        self.conditions = conditions

    def validate(self, record: Record) -> Awaitable[None] | None:
        answer: Any = getattr(record, self.name)()
        return cast("Awaitable[None]", answer) if isinstance(answer, Awaitable) else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MethodValidator) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


@overload
def validate[F: Callable[..., Any]](method: F, /) -> F: ...


@overload
def validate[F: Callable[..., Any]](
    *,
    if_: Test | Iterable[Test] | None = None,
    unless: Test | Iterable[Test] | None = None,
    on: str | Iterable[str] | None = None,
) -> Callable[[F], F]: ...


def validate(method: Any = None, /, **given: Any) -> Any:
    """Run the decorated method, sync or async, with the validations; it adds to ``errors``::

    @validate(on="publish")
    def has_a_summary(self):
        if not self.summary:
            self.errors.add("summary", "blank")
    """

    def mark(method: Any) -> Any:
        setattr(method, MARK, (conditional.conditions(given),))
        return method

    return mark if method is None else mark(method)
