"""Questions that no table can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors.base import VelociousError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable


class QueryError(VelociousError):
    """A query that cannot be built."""

    code = "query_error"


class UnknownAttributeError(QueryError, AttributeError):
    """A model has no such attribute."""

    code = "unknown_attribute"

    def __init__(self, model: str, attribute: str, known: Iterable[str]) -> None:
        self.model = model
        self.attribute = attribute
        self.known = sorted(known)
        super().__init__(
            f"{model} has no attribute {attribute!r}. {suggestion(attribute, self.known)}"
        )


class UnknownRelationshipError(QueryError):
    """A model has no such relationship."""

    code = "unknown_relationship"

    def __init__(self, model: str, relationship: str, known: Iterable[str]) -> None:
        self.model = model
        self.relationship = relationship
        self.known = sorted(known)
        super().__init__(
            f"{model} has no relationship {relationship!r}. {suggestion(relationship, self.known)}"
        )


class UnknownOperatorError(QueryError):
    """An operator that conditions do not know."""

    code = "unknown_operator"

    def __init__(self, operator: str, known: Iterable[str]) -> None:
        self.operator = operator
        self.known = sorted(known)
        super().__init__(f"There is no operator {operator!r}. {suggestion(operator, self.known)}")


class UnknownFilterError(QueryError):
    """A search asked for something that it may not see. Safe to show: it names what it may."""

    code = "unknown_filter"
    safe_to_expose = True

    def __init__(self, given: str, known: Iterable[str], *, what: str = "search by") -> None:
        self.given = given
        self.known = sorted(known)
        super().__init__(f"There is no {given!r} to {what}. {suggestion(given, self.known)}")


#: No value of a request, for an error that is the program's.
OUR_OWN: Any = object()


class UnsupportedValueError(QueryError):
    """A value that the place it was given to cannot take.

    Attributes:
        value: that value, where it may have come from a request: then the mistake is the client's.
    """

    code = "unsupported_value"

    def __init__(self, message: str, *, value: Any = OUR_OWN) -> None:
        self.value = value
        super().__init__(message)
