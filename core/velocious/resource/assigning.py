"""Gives a record what a client sent: attributes, translated ones, and those of the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import InvalidArgumentsError, UnsupportedValueError
from velocious.record.relationships import preloader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.record.record import Record
    from velocious.resource.resource import Resource


async def assign(resource: Resource, record: Record, attributes: Mapping[str, Any]) -> None:
    """Assign *attributes*, each through the resource's own setter where it has one.

    Raises:
        InvalidArgumentsError: a value is nothing that its attribute could hold.
    """
    paths = resource._exposure.translations(attributes)
    if record.is_persisted and paths:
        await preloader.preload(type(record), [record], paths)
    own: dict[str, Any] = {}
    for name, value in attributes.items():
        if callable(getattr(resource, f"set_{name}_attribute", None)):
            own[name] = value
            continue
        try:
            setattr(record, name, value)
        except UnsupportedValueError as error:
            mistake = {name: ("unsupported", "does not fit its column")}
            raise InvalidArgumentsError("write", mistake) from error
    # Those of the resource see the record as it will be.
    for name, value in own.items():
        returned = getattr(resource, f"set_{name}_attribute")(record, value)
        if hasattr(returned, "__await__"):
            await returned
