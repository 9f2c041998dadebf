"""What a validation found: codes first, messages made (and imported) when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Error:
    """One thing that is wrong.

    Attributes:
        attribute: what it is about; ``"base"`` for the record as a whole.
        code: a stable name (``"blank"``) for programs and translations.
        message: what to tell a person, without the attribute's name.
        details: the facts in the message, by name.
    """

    attribute: str
    code: str
    message: str
    details: Mapping[str, Any]


class Errors:
    """The errors of one record, in the order they were found."""

    __slots__ = ("_found", "_model")

    def __init__(self, model: Any) -> None:
        self._model = model
        self._found: list[Error] = []

    def add(
        self, attribute: str, code: str = "invalid", message: str | None = None, **details: Any
    ) -> None:
        """Report an error; *message* stands in for the code's own."""
        text = message if message is not None else self._text(attribute, code, details)
        self._found.append(Error(attribute, code, _fill(text, self._shown(details)), details))

    def _text(self, attribute: str, code: str, details: Mapping[str, Any]) -> str:
        from velocious.record.naming import model_names
        from velocious.translation.catalogue import find_message

        keys = [
            *(("models", name, attribute, code) for name in model_names(self._model)),
            *(("models", name, code) for name in model_names(self._model)),
            ("errors", code),
        ]
        count = details.get("count")
        return find_message(keys, count) or find_message([("errors", "invalid")]) or code

    def _shown(self, details: Mapping[str, Any]) -> Mapping[str, Any]:
        confirmed = details.get("confirmed")
        if confirmed is None:
            return details
        from velocious.record.naming import human_attribute_name

        return {**details, "confirmed": human_attribute_name(self._model, confirmed)}

    def on(self, attribute: str) -> list[str]:
        """The messages about one attribute."""
        return [error.message for error in self._found if error.attribute == attribute]

    def codes(self, attribute: str) -> list[str]:
        """The codes about one attribute."""
        return [error.code for error in self._found if error.attribute == attribute]

    def full_messages(self) -> list[str]:
        """Messages with the attribute's name in front: ``Name can't be blank``."""
        return [
            error.message if error.attribute == "base" else self._full(error)
            for error in self._found
        ]

    def _full(self, error: Error) -> str:
        from velocious.record.naming import human_attribute_name
        from velocious.translation.catalogue import find_message

        pattern = find_message([("full_message",)]) or "{attribute} {message}"
        name = human_attribute_name(self._model, error.attribute)
        return pattern.format_map({"attribute": name, "message": error.message})

    def to_data(self) -> dict[str, list[dict[str, str]]]:
        """Attribute → its errors as plain data, for clients."""
        data: dict[str, list[dict[str, str]]] = {}
        for error in self._found:
            data.setdefault(error.attribute, []).append(
                {"code": error.code, "message": error.message}
            )
        return data

    def clear(self) -> None:
        """Forget everything."""
        self._found.clear()

    def __iter__(self) -> Iterator[Error]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return f"<Errors of {self._model.__name__}: {'; '.join(self.full_messages()) or 'none'}>"


def _fill(text: str, details: Mapping[str, Any]) -> str:
    try:
        return text.format_map(_Filled(details))
    except (ValueError, LookupError, AttributeError):
        # A lone brace is no placeholder: the message is shown as it was written.
        return text


class _Filled(dict[str, Any]):
    """A message's facts; a brace that names none stays as it is written."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
