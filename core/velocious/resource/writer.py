"""``Writer``: what makes data, or JSON, of records that are nothing but their attributes.

Law: made once for each list of names, not for each request. Data and JSON say the same. What takes
long is not made for names that are asked for once: clients choose them.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from velocious.record.json_template import json_template
from velocious.resource.names import camel
from velocious.wire import encode
from velocious.wire.marks import MARK, SAFE_INTEGER
from velocious.wire.single import SINGLE

if TYPE_CHECKING:
    from velocious.record.json_template import Template
    from velocious.record.record import Record


#: The time that names are asked for at which it is worth it to compile what makes JSON of them.
COMPILED_AT = 2


class Writer:
    """Reads *names* of records of *model*, which the resource has no say in, for a client that
    calls attributes as we do (*speaks_python*) or as JavaScript does.
    """

    __slots__ = ("_asked", "_called", "_model", "_names", "_speaks_python", "_template", "_values")

    def __init__(self, model: type[Record], names: tuple[str, ...], *, speaks_python: bool) -> None:
        self._model = model
        self._names = names
        self._speaks_python = speaks_python
        self._called = [one if speaks_python else camel(one) for one in names]
        self._values: Any = _reader(names)
        self._asked = 0
        self._template: Template | None = None

    def data(self, record: Record) -> dict[str, Any]:
        """The attributes of *record*."""
        return dict(zip(self._called, self._values(record), strict=True))

    def texts(self, records: list[Any]) -> list[str] | None:
        """The JSON of each of *records*; None where some names are more than columns, or asked for
        the first time.
        """
        if self._asked < COMPILED_AT:
            self._asked += 1
            if self._asked == COMPILED_AT and MARK not in self._called:
                self._template = self._compiled()
        return None if self._template is None else self._template(records)

    def _compiled(self) -> Template | None:
        called = dict(zip(self._names, self._called, strict=True))
        one = SINGLE[self._speaks_python]
        return json_template(self._model, called, one, self._text, integers=SAFE_INTEGER)

    def _text(self, record: Record) -> str:
        return encode(self.data(record), exact=self._speaks_python)


def _reader(names: tuple[str, ...]) -> Any:
    if len(names) > 1:
        return attrgetter(*names)

    # Of one name it would give the value itself, of none it is an error.
    def read(record: Record) -> tuple[Any, ...]:
        return tuple(getattr(record, one) for one in names)

    return read
