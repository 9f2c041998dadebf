"""What a column type is, and how a dialect says how it stores the values.

A type works on Python values. How a database's driver takes and gives them is the dialect's matter:
it names a :class:`Codec` for each kind where the driver wants something else than the Python value
itself (``Dialect.codecs``). The codec becomes part of the type once, when a table is read
(:meth:`ColumnType.stored_by`), so that no value pays for the choice. For a driver that takes every
Python value as it is, a dialect declares nothing.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from velocious.errors import UnsupportedValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.database.schema import Column

type Conversion = Callable[[Any], Any]


class Codec(NamedTuple):
    """How one dialect stores the values of one kind; None means: as they are.

    Attributes:
        write: from a Python value that its type has checked to what the driver binds.
        read: from what the driver gives, never None, to the Python value. Raises ValueError,
            TypeError or ArithmeticError for what another program has stored wrongly.
    """

    write: Conversion | None = None
    read: Conversion | None = None


class ColumnType:
    """The base: values the driver takes and gives as they are.

    A type of your own overrides :meth:`cast`, :meth:`encode_other` and :meth:`decode`. Where it
    extends one of the standard types, ``super()`` is what the database stores.

    Attributes:
        kind: our name of the type.
        storage: the kind whose codec the dialect is asked for.
        takes: what to tell somebody whose value was refused.
        exact: Python types whose values need neither cast nor encoding.
        native: Python types whose values need no cast.
        decodes: whether a stored value differs from the Python value; overriding :meth:`decode`
            says so too.
        mutable: whether the Python value can change in place, so that reading one must keep it.
        write: see :class:`Codec`.
        read: see :class:`Codec`.
    """

    kind: ClassVar[str] = "any"
    storage: ClassVar[str] = "any"
    takes: ClassVar[str] = "a number, text or bytes"
    exact: ClassVar[frozenset[type]] = frozenset()
    native: ClassVar[frozenset[type]] = frozenset()
    decodes: ClassVar[bool] = False
    mutable: ClassVar[bool] = False
    write: Conversion | None = None
    read: Conversion | None = None

    def __init_subclass__(cls) -> None:
        if "decode" in vars(cls) and "decodes" not in vars(cls):
            cls.decodes = True

    def stored_by(self, codec: Codec | None) -> Self:
        """This type, as a dialect with *codec* stores its values."""
        if codec is None:
            return self
        bound = copy(self)
        known: dict[str, Any] = {"write": codec.write, "read": codec.read}
        if codec.write is not None:
            known["exact"] = frozenset()
        if codec.read is not None:
            known["decodes"] = True
            if type(self).decode is ColumnType.decode:
                # Reading is the hottest path: no method in between.
                known["decode"] = codec.read
        vars(bound).update(known)
        return bound

    def fitted(self, column: Column) -> Self:
        """This type, as *column* of a table limits its values."""
        return self

    @property
    def sought(self) -> ColumnType:
        """The type of values that stored ones are compared with: those need not fit."""
        return self

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
        return value if self.read is None else self.read(value)

    def refusal(self, value: Any, reason: str = "") -> UnsupportedValueError:
        """The error for a value this type cannot hold."""
        shown = repr(value)
        shown = shown if len(shown) <= 80 else shown[:77] + "..."
        because = f" ({reason})" if reason else ""
        return UnsupportedValueError(
            f"{shown} does not fit a column of type {self.kind}{because}. It takes {self.takes}.",
            value=value,
        )


class AnyType(ColumnType):
    """A column whose declared type says nothing to us."""

    exact: ClassVar[frozenset[type]] = frozenset({int, float, str, bytes})
    native: ClassVar[frozenset[type]] = exact
