"""JSON."""

from __future__ import annotations

import json
from typing import Any, ClassVar, cast

from velocious.sql.types.base import ColumnType
from velocious.sql.types.parsing import is_unicode

PLAIN_JSON = frozenset({str, int, float, bool})


class JsonType(ColumnType):
    """Any JSON value. A value that is read may be changed in place; saving notices.

    Every driver is given text (writing it is how a value is checked) and gives text back.
    """

    kind: ClassVar[str] = "json"
    storage: ClassVar[str] = "json"
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
        if not is_unicode(text):
            raise self.refusal(value, "it holds half of a surrogate pair")
        return text

    def decode(self, value: Any) -> Any:
        # SQLite makes numbers of digits in a column declared as JSON.
        return json.loads(value) if isinstance(value, str | bytes) else value


def _comes_back(value: Any) -> bool:
    if isinstance(value, dict):
        pairs = cast("dict[Any, Any]", value).items()
        return all(isinstance(key, str) and _comes_back(inner) for key, inner in pairs)
    if isinstance(value, list):
        return all(map(_comes_back, cast("list[Any]", value)))
    return not isinstance(value, tuple)
