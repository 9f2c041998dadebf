"""What every validator is: attributes, options and a check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velocious.errors import AttributeNotSelectedError, UnknownOptionError
from velocious.record import conditions as conditional

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from velocious.record.record import Record

COMMON_OPTIONS = ("message", "allow_blank", "allow_none", *conditional.NAMES)

#: A message of its own: text, or a function of the record and the error's details.
type Message = str | Callable[[Any, Mapping[str, Any]], str]


def is_blank(value: Any) -> bool:
    """None, empty text, text of white space alone, or an empty list or dict; 0 and False are
    values.
    """
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, list | tuple | dict | set | bytes) and not value


class Validator:
    """Checks attributes of a record and reports what is wrong.

    Write your own by overriding :meth:`check`; an ``async`` check is awaited.

    Attributes:
        options: the option names it understands beside ``message``, ``allow_blank``,
            ``allow_none``, ``if_``, ``unless`` and ``on``.
    """

    options: ClassVar[tuple[str, ...]] = ()

    def __init__(self, attributes: Sequence[str], **options: Any) -> None:
        known = (*self.options, *COMMON_OPTIONS)
        for name in options:
            if name not in known:
                raise UnknownOptionError(f"The validation {type(self).__name__}", name, known)
        self.attributes = tuple(attributes)
        self.message: Message | None = options.pop("message", None)
        self.conditions = conditional.conditions(
            {name: options.pop(name, None) for name in conditional.NAMES}
        )
        self.allow_blank: bool = options.pop("allow_blank", False)
        self.allow_none: bool = options.pop("allow_none", False)
        self.configure(**options)

    def configure(self, *_: Any, **options: Any) -> None:
        """Take the validator's own options. Raises ConfigurationError for values that make no
        sense.
        """

    def virtual_attributes(self) -> tuple[str, ...]:
        """Attributes that the model gets for this validation, where its table has none."""
        return ()

    def validate(self, record: Record) -> Awaitable[None] | None:
        """Check every attribute of *record*."""
        for place, attribute in enumerate(self.attributes, 1):
            try:
                value = getattr(record, attribute)
            except AttributeNotSelectedError:
                # Nobody assigned it either: what is stored stays.
                continue
            if not self.skips(value):
                awaited = self.check(record, attribute, value)
                if awaited is not None:
                    return self._go_on(record, awaited, self.attributes[place:])
        return None

    async def _go_on(
        self, record: Record, awaited: Awaitable[None], attributes: tuple[str, ...]
    ) -> None:
        await awaited
        for attribute in attributes:
            try:
                value = getattr(record, attribute)
            except AttributeNotSelectedError:
                continue
            if not self.skips(value):
                await self.check(record, attribute, value)

    def skips(self, value: Any) -> bool:
        """Whether the common options exempt *value*."""
        return (value is None and self.allow_none) or (self.allow_blank and is_blank(value))

    def check(self, record: Record, attribute: str, value: Any) -> Any:
        """Report what is wrong with *value* through :meth:`report`."""
        raise NotImplementedError

    def report(self, record: Record, attribute: str, code: str, **details: Any) -> None:
        """Add an error to the record, with the validation's own message where it has one."""
        message = self.message
        if message is not None and not isinstance(message, str):
            facts = {"attribute": attribute, "code": code, **details}
            # What a function says is said: braces in a value are no placeholders.
            message = message(record, facts).replace("{", "{{").replace("}", "}}")
        record.errors.add(attribute, code, message, **details)
