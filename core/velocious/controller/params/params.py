"""``Params``: what a request says, by name.

Law: a client's names never reach a record unseen: as a whole, parameters are handed on only after
:meth:`Params.permit` or :meth:`Params.expect` said which of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from velocious.errors import MissingParameterError, UnpermittedParametersError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, KeysView
    from decimal import Decimal
    from uuid import UUID

#: Marks that nothing was given, where None may be.
MISSING: Any = object()


class Params(dict[str, Any]):
    """A dictionary whose missing key is the client's mistake, not ours: it is answered with 400.

    Values from the path are of the type the route gives them, those of a JSON body as they came,
    others text. Objects inside are ``Params``, too.

    ::

        await Task.create(params.permit("name", "done", tags=[]))
        await task.update(params.expect(task=["name", {"address": ["street", "city"]}]))
        page = params.integer("page", default=1, minimum=1)

    ``Task.create(params)``, ``Task.create(**params)`` and ``dict(params)`` raise
    UnpermittedParametersError; ``params.items()`` is for programs that look at everything.
    """

    #: Whether the program said which names these are.
    permitted: ClassVar[bool] = False

    def __missing__(self, name: str) -> Any:
        raise MissingParameterError(name, self)

    # Python reads a mapping that has an __iter__ of its own through keys(): so does every
    # ``**params`` and ``dict(params)``, which is where names would leave by the dozen.

    def __iter__(self) -> Iterator[str]:
        return super().__iter__()

    def keys(self) -> KeysView[str]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The names. Raises UnpermittedParametersError; iterate over ``params`` itself, or over
        ``params.items()``, to see names that nobody permitted.
        """
        raise UnpermittedParametersError(self)

    def copy(self) -> Params:
        """A copy that holds the same values."""
        return type(self)(self.items())

    # Choosing

    def permit(self, *names: str, **nested: Any) -> PermittedParams:
        """Only the parameters that are named, and only where they are of the shape that is named.

        ::

            params.permit("name")                          # a text, number, truth value or file
            params.permit(tags=[])                         # a list of those
            params.permit(address=["street", "city"])      # an object with those
            params.permit(items=[["name", {"tags": []}]])  # a list of objects
            params.permit(settings={})                     # an object with anything inside

        What is left out is logged at debug.
        """
        from velocious.controller.params.permitting import permit

        return permit(self, names, nested)

    def expect(self, *names: str, **nested: Any) -> Any:
        """The values of the parameters that are named as in :meth:`permit`, which must be there:
        one value for one name, a tuple for several.

        ::

            task = await Task.find(params.expect("id"))
            await task.update(params.expect(task=["name", "done"]))

        Raises:
            MissingParameterError: it is missing, or there is nothing in it.
            InvalidParameterError: with 400, where it is of another shape.
        """
        from velocious.controller.params.permitting import expect

        return expect(self, names, nested)

    def require(self, name: str) -> Params:
        """The object called *name*, not permitted yet. Raises as :meth:`expect`."""
        from velocious.controller.params.permitting import require

        return require(self, name)

    def dig(self, *path: str | int) -> Any:
        """The value at *path* (names of objects, places in lists), None where there is none."""
        found: Any = self
        for step in path:
            found = _member(found, step)
        return found

    # Reading as a type: a missing value has its default or raises MissingParameterError, a wrong
    # one raises InvalidParameterError (422). An empty text counts as missing where it is no text.

    def text[D](
        self,
        name: str,
        *,
        default: D = MISSING,
        maximum: int | None = None,
        choices: Collection[str] = (),
    ) -> str | D:
        """A text of at most *maximum* characters, one of *choices* if there are any."""
        from velocious.controller.params.reading import read_text

        return read_text(self, name, default, maximum, choices)

    def integer[D](
        self,
        name: str,
        *,
        default: D = MISSING,
        minimum: int | None = None,
        maximum: int | None = None,
    ) -> int | D:
        """A whole number, from *minimum* to *maximum*."""
        from velocious.controller.params.reading import read_integer

        return read_integer(self, name, default, minimum, maximum)

    def decimal[D](
        self,
        name: str,
        *,
        default: D = MISSING,
        minimum: Any = None,
        maximum: Any = None,
    ) -> Decimal | D:
        """An exact number, from *minimum* to *maximum*."""
        from velocious.controller.params.reading import read_decimal

        return read_decimal(self, name, default, minimum, maximum)

    def boolean[D](self, name: str, *, default: D = MISSING) -> bool | D:
        """True or false, or what forms send for it: true, 1, on, yes; false, 0, off, no."""
        from velocious.controller.params.reading import read_boolean

        return read_boolean(self, name, default)

    def date[D](self, name: str, *, default: D = MISSING) -> dt.date | D:
        """A day, as ``2026-03-31``."""
        from velocious.controller.params.reading import read_date

        return read_date(self, name, default)

    def datetime[D](self, name: str, *, default: D = MISSING) -> dt.datetime | D:
        """An instant, as ``2026-03-31T12:30:00+02:00``; UTC where it names no zone."""
        from velocious.controller.params.reading import read_datetime

        return read_datetime(self, name, default)

    def uuid[D](self, name: str, *, default: D = MISSING) -> UUID | D:
        """A UUID."""
        from velocious.controller.params.reading import read_uuid

        return read_uuid(self, name, default)


class SentList(list[Any]):
    """A list that a client sent in the place of a value, until :meth:`Params.permit` or
    :meth:`Params.expect` said that there may be one: no condition takes it.
    """

    permitted: ClassVar[bool] = False


class PermittedParams(Params):
    """Parameters that the program named: they may be given to a record as a whole."""

    permitted = True

    # dict's own, so that the interpreter takes it for a plain one.
    __iter__ = cast("Any", dict).__iter__
    keys = cast("Any", dict).keys


def _member(found: Any, step: str | int) -> Any:
    if isinstance(found, dict):
        return cast("dict[Any, Any]", found).get(step)
    if isinstance(found, list) and isinstance(step, int):
        items = cast("list[Any]", found)
        return items[step] if -1 < step < len(items) else None
    return None
