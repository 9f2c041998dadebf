"""JSON Schema for messages: compiled once, and silent about the values that do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class MessageSchema:
    """A compiled schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        # Imported here: messages without a schema need none of it.
        import fastjsonschema

        self._check = cast("Callable[[Any], Any]", fastjsonschema.compile(dict(schema)))
        self._failure = fastjsonschema.JsonSchemaValueException

    def validate(self, data: Any) -> Any:
        """*data* with the schema's defaults.

        Raises:
            Fault: ``validation_failed`` (422), with the place and the rule that it breaks.
        """
        try:
            return self._check(data)
        except self._failure as error:
            place = ".".join(map(str, error.path)) or "data"
            message = f"{place}: breaks the rule `{error.rule}`"
            raise Fault("validation_failed", message, status=422) from error
