"""Column types: how a value is cast when assigned, encoded for the driver and decoded from a row.

Law: every value round-trips exactly, or is refused with
:class:`velocious.errors.UnsupportedValueError`; nothing is rounded, cut or turned into text on the
way. None is None everywhere and never reaches these methods.

*cast* is lenient (forms and CSV files bring text) and returns what it cannot read unchanged, for
validations to report; *encode* is strict.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from velocious.errors import UnsupportedValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

TRUE_TEXTS = frozenset({"1", "true", "t", "yes", "y", "on"})
FALSE_TEXTS = frozenset({"0", "false", "f", "no", "n", "off"})
_BUFFERS = (bytearray, memoryview)
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
LONGEST_DECIMAL = 1000
PLAIN_JSON = frozenset({str, int, float, bool})


class ColumnType:
    """The base: values the driver takes and gives as they are.

    Attributes:
        kind: our name of the type.
        takes: what to tell somebody whose value was refused.
        exact: Python types whose values need neither cast nor encoding.
        native: Python types whose values need no cast.
        decodes: whether a stored value differs from the Python value.
        mutable: whether the Python value can change in place, so that reading one must keep it.
    """

    kind: ClassVar[str] = "any"
    takes: ClassVar[str] = "a number, text or bytes"
    exact: ClassVar[frozenset[type]] = frozenset()
    native: ClassVar[frozenset[type]] = frozenset()
    decodes: ClassVar[bool] = False
    mutable: ClassVar[bool] = False

    def cast(self, value: Any) -> Any:
        """*value* as the type's Python value, or unchanged where it cannot be read as one."""
        return value

    def encode(self, value: Any) -> Any:
        """*value* as the driver binds it.

        Raises:
            UnsupportedValueError: for a value that this type cannot hold.
        """
        if value is None or type(value) in self.exact:
            return value
        return self.encode_other(self.cast(value))

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        """A column of values, each as :meth:`encode` gives it; *values* itself where nothing
        changes.

        Raises:
            UnsupportedValueError: if one of them cannot be held.
        """
        if self.exact.issuperset(set(map(type, values)) - {type(None)}):
            return values
        return list(map(self.encode, values))

    def encode_other(self, value: Any) -> Any:
        """:meth:`encode` past its short cut; *value* has been cast."""
        if value is None or type(value) in self.exact:
            return value
        raise self.refusal(value)

    def decode(self, value: Any) -> Any:
        """The Python value of a stored *value* that is not None."""
        return value

    def refusal(self, value: Any, reason: str = "") -> UnsupportedValueError:
        """The error for a value this type cannot hold."""
        shown = repr(value)
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        because = f" ({reason})" if reason else ""
        return UnsupportedValueError(
            f"{shown} does not fit a column of type {self.kind}{because}. It takes {self.takes}."
        )


class AnyType(ColumnType):
    """A column whose declared type says nothing to us."""

    exact: ClassVar[frozenset[type]] = frozenset({int, float, str, bytes})
    native: ClassVar[frozenset[type]] = exact


class TextType(ColumnType):
    """Text of any length. NUL is refused: C strings inside databases end there."""

    kind: ClassVar[str] = "text"
    takes: ClassVar[str] = "text without NUL characters"
    native: ClassVar[frozenset[type]] = frozenset({str})

    def cast(self, value: Any) -> Any:
        if isinstance(value, str):
            return value if type(value) is str else str.__str__(value)
        if isinstance(value, int | float | Decimal | UUID | date | time) and not isinstance(
            value, bool
        ):
            return str(value)
        return value

    def encode(self, value: Any) -> Any:
        if type(value) is str and "\x00" not in value and (value.isascii() or _is_unicode(value)):
            return value
        return None if value is None else self.encode_other(self.cast(value))

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        if set(map(type, values)) == {str}:
            joined = "".join(values)
            if "\x00" not in joined and (joined.isascii() or _is_unicode(joined)):
                return values
        return list(map(self.encode, values))

    def encode_other(self, value: Any) -> Any:
        if type(value) is not str:
            raise self.refusal(value)
        if "\x00" in value:
            raise self.refusal(value, "it holds a NUL character")
        if not _is_unicode(value):
            raise self.refusal(value, "it holds half of a surrogate pair")
        return value


class StringType(TextType):
    """Short text."""

    kind: ClassVar[str] = "string"


class IntegerType(ColumnType):
    """A whole number of 64 bits."""

    kind: ClassVar[str] = "integer"
    takes: ClassVar[str] = "a whole number between -2**63 and 2**63 - 1"
    native: ClassVar[frozenset[type]] = frozenset({int})

    def cast(self, value: Any) -> Any:
        if isinstance(value, int):
            return int(value)
        if isinstance(value, str):
            return _number_or(value, int)
        if isinstance(value, float | Decimal) and math.isfinite(value) and value == int(value):
            return int(value)
        return value

    def encode(self, value: Any) -> Any:
        if type(value) is int and INT64_MIN <= value <= INT64_MAX:
            return value
        return None if value is None else self.encode_other(self.cast(value))

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        if (
            set(map(type, values)) == {int}
            and min(values) >= INT64_MIN
            and max(values) <= INT64_MAX
        ):
            return values
        return list(map(self.encode, values))

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if type(value) is int and INT64_MIN <= value <= INT64_MAX:
            return value
        raise self.refusal(value)


class BigintType(IntegerType):
    """A whole number of 64 bits, where the database has smaller ones too."""

    kind: ClassVar[str] = "bigint"


class FloatType(ColumnType):
    """A binary floating-point number; NaN is refused (SQLite would store NULL)."""

    kind: ClassVar[str] = "float"
    takes: ClassVar[str] = "a number that is not NaN"
    native: ClassVar[frozenset[type]] = frozenset({float})

    def cast(self, value: Any) -> Any:
        if isinstance(value, int):
            return _exact_float(value)
        if isinstance(value, Decimal):
            return float(value)
        return _number_or(value, float) if isinstance(value, str) else value

    def encode(self, value: Any) -> Any:
        return None if value is None else self.encode_other(self.cast(value))

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, float) or math.isnan(value):
            raise self.refusal(value)
        return value

    def decode(self, value: Any) -> Any:
        return float(value)


class DecimalType(ColumnType):
    """An exact decimal number, stored as its text."""

    kind: ClassVar[str] = "decimal"
    takes: ClassVar[str] = "a decimal number"
    native: ClassVar[frozenset[type]] = frozenset({Decimal})
    decodes: ClassVar[bool] = True

    def cast(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return Decimal(str(value))
        return _number_or(value, Decimal) if isinstance(value, str) else value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise self.refusal(value)
        # Written out, "1e999999999" would take a gigabyte.
        if abs(value.adjusted()) > LONGEST_DECIMAL:
            raise self.refusal(value, f"it has more than {LONGEST_DECIMAL} digits")
        return format(value, "f")

    def decode(self, value: Any) -> Any:
        return Decimal(str(value))


class BooleanType(ColumnType):
    """True or false, stored as 1 or 0."""

    kind: ClassVar[str] = "boolean"
    takes: ClassVar[str] = "True or False (or text such as 'true', 'no', '1')"
    native: ClassVar[frozenset[type]] = frozenset({bool})
    decodes: ClassVar[bool] = True

    def cast(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float) and value in (0, 1):
            return value == 1
        return _boolean_text(value) if isinstance(value, str) else value

    def encode(self, value: Any) -> Any:
        if value is True:
            return 1
        if value is False:
            return 0
        return None if value is None else self.encode_other(self.cast(value))

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        return list(map(int if set(map(type, values)) == {bool} else self.encode, values))

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, bool):
            raise self.refusal(value)
        return int(value)

    def decode(self, value: Any) -> Any:
        return value != 0


class DatetimeType(ColumnType):
    """An instant. In Python timezone-aware in UTC; stored as UTC text with microseconds, which
    sorts by time.
    """

    kind: ClassVar[str] = "datetime"
    takes: ClassVar[str] = (
        "a timezone-aware datetime, or ISO 8601 text (without an offset it is UTC)"
    )
    decodes: ClassVar[bool] = True

    def cast(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                parsed = datetime.fromisoformat(value.strip())
            except ValueError:
                return value if value.strip() else None
            return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else _in_utc(parsed)
        if isinstance(value, datetime) and value.tzinfo is not None:
            return _in_utc(value)
        return value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise self.refusal(value)
        if value.tzinfo is None:
            raise self.refusal(value, "it has no time zone; add one: value.replace(tzinfo=UTC)")
        if value.tzinfo is not UTC:
            raise self.refusal(value, "in UTC it lies outside of the years 1 to 9999")
        return value.isoformat(" ", "microseconds")[:26]

    def decode(self, value: Any) -> Any:
        parsed = datetime.fromisoformat(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


class DateType(ColumnType):
    """A calendar day."""

    kind: ClassVar[str] = "date"
    takes: ClassVar[str] = "a date, or text as YYYY-MM-DD"
    native: ClassVar[frozenset[type]] = frozenset({date})
    decodes: ClassVar[bool] = True

    def cast(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return date.fromisoformat(value.strip())
            except ValueError:
                return value if value.strip() else None
        return value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.refusal(value)
        return value.isoformat()

    def decode(self, value: Any) -> Any:
        return date.fromisoformat(value)


class TimeType(ColumnType):
    """A time of day without a date or zone."""

    kind: ClassVar[str] = "time"
    takes: ClassVar[str] = "a time without a zone, or text as HH:MM[:SS[.ffffff]]"
    native: ClassVar[frozenset[type]] = frozenset({time})
    decodes: ClassVar[bool] = True

    def cast(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return time.fromisoformat(value.strip())
            except ValueError:
                return value if value.strip() else None
        return value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, time) or value.tzinfo is not None:
            raise self.refusal(value)
        return value.isoformat("microseconds")

    def decode(self, value: Any) -> Any:
        return time.fromisoformat(value)


class JsonType(ColumnType):
    """Any JSON value. A value that is read may be changed in place; saving notices."""

    kind: ClassVar[str] = "json"
    takes: ClassVar[str] = (
        "None, booleans, finite numbers, text, and lists and dicts (with text keys) of them"
    )
    native: ClassVar[frozenset[type]] = frozenset((dict, list))
    decodes: ClassVar[bool] = True
    mutable: ClassVar[bool] = True

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        except (TypeError, ValueError, RecursionError) as error:
            raise self.refusal(value, str(error)) from error
        # json.dumps makes text of number keys and lists of tuples; nobody would notice before
        # the value is read back.
        if type(value) not in PLAIN_JSON and not _comes_back(value):
            raise self.refusal(value, "a key is no text, or a tuple is no list")
        if not _is_unicode(text):
            raise self.refusal(value, "it holds half of a surrogate pair")
        return text

    def decode(self, value: Any) -> Any:
        # SQLite makes numbers of digits in a column declared as JSON.
        return json.loads(value) if isinstance(value, str | bytes) else value


class BinaryType(ColumnType):
    """Bytes, NUL included."""

    kind: ClassVar[str] = "binary"
    takes: ClassVar[str] = "bytes"
    native: ClassVar[frozenset[type]] = frozenset({bytes})
    exact: ClassVar[frozenset[type]] = frozenset({bytes})

    def cast(self, value: Any) -> Any:
        return bytes(cast("bytearray", value)) if isinstance(value, _BUFFERS) else value


class UuidType(ColumnType):
    """A universally unique identifier, stored as its canonical text."""

    kind: ClassVar[str] = "uuid"
    takes: ClassVar[str] = "a UUID, or its text"
    native: ClassVar[frozenset[type]] = frozenset({UUID})
    decodes: ClassVar[bool] = True

    def cast(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                return UUID(value)
            except ValueError:
                return value if value.strip() else None
        return value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, UUID):
            raise self.refusal(value)
        return str(value)

    def decode(self, value: Any) -> Any:
        return UUID(value)


#: The kinds a migration can name, and what their values are.
COLUMN_TYPES: dict[str, ColumnType] = {
    kind.kind: kind
    for kind in (
        AnyType(),
        StringType(),
        TextType(),
        IntegerType(),
        BigintType(),
        FloatType(),
        DecimalType(),
        BooleanType(),
        DatetimeType(),
        DateType(),
        TimeType(),
        JsonType(),
        BinaryType(),
        UuidType(),
    )
}


def column_type(kind: str) -> ColumnType:
    """The type called *kind*; an unknown one takes what the driver takes."""
    return COLUMN_TYPES.get(kind, COLUMN_TYPES["any"])


def _number_or(text: str, number: type[int] | type[float] | type[Decimal]) -> Any:
    stripped = text.strip()
    if not stripped:
        return None
    try:
        # int() and float() would read "1_000", which is Python's notation and nobody's input.
        return text if "_" in stripped else number(stripped)
    except (ValueError, InvalidOperation):
        return text


def _exact_float(number: int) -> Any:
    try:
        converted = float(number)
    except OverflowError:
        return number
    return converted if converted == number else number


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        return instant


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _comes_back(value: Any) -> bool:
    if isinstance(value, dict):
        pairs = cast("dict[Any, Any]", value).items()
        return all(isinstance(key, str) and _comes_back(inner) for key, inner in pairs)
    if isinstance(value, list):
        return all(map(_comes_back, cast("list[Any]", value)))
    return not isinstance(value, tuple)


def _boolean_text(text: str) -> Any:
    lowered = text.strip().lower()
    if lowered in TRUE_TEXTS:
        return True
    if lowered in FALSE_TEXTS:
        return False
    return text if lowered else None
