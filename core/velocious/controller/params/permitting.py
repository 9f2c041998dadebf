"""Strong parameters: which names of a client are taken, and of which shape.

Law: what was not named is not taken, and a shape is what was named or it is left out.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from velocious.controller.params.params import Params, PermittedParams
from velocious.errors import InvalidParameterError, MissingParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

logger = logging.getLogger("velocious.params")

#: Stands for "of another shape".
_UNFIT: Any = object()


def permit(params: Params, names: Iterable[str], nested: Mapping[str, Any]) -> PermittedParams:
    """See :meth:`Params.permit`."""
    shapes: dict[str, Any] = {**dict.fromkeys(names), **nested}
    return _chosen(params, shapes)


def expect(params: Params, names: Sequence[str], nested: Mapping[str, Any]) -> Any:
    """See :meth:`Params.expect`."""
    shapes: dict[str, Any] = {**dict.fromkeys(names), **nested}
    values = [_expected(params, name, shape) for name, shape in shapes.items()]
    return values[0] if len(values) == 1 else tuple(values)


def require(params: Params, name: str) -> Params:
    """See :meth:`Params.require`."""
    value = params[name]
    if not isinstance(value, Params):
        raise _wrong_shape(name, value, {})
    if not value:
        raise MissingParameterError(name, params)
    return value


def _expected(params: Params, name: str, shape: Any) -> Any:
    value = params[name]
    fitted = _fitted(value, shape)
    if fitted is _UNFIT:
        raise _wrong_shape(name, value, shape)
    if fitted in (None, "", {}, []):
        raise MissingParameterError(name, params)
    return fitted


def _chosen(params: Mapping[str, Any], shapes: Mapping[str, Any]) -> PermittedParams:
    chosen = PermittedParams()
    for name, shape in shapes.items():
        if name in params:
            fitted = _fitted(params[name], shape)
            if fitted is not _UNFIT:
                chosen[name] = fitted
    if len(chosen) < len(params) and logger.isEnabledFor(logging.DEBUG):
        left_out = ", ".join(sorted(repr(name) for name, _ in params.items() if name not in chosen))
        logger.debug("Parameters that were not permitted: %s", left_out)
    return chosen


def _fitted(value: Any, shape: Any) -> Any:
    """*value* as far as *shape* names it, or _UNFIT."""
    if shape is None:
        return _UNFIT if isinstance(value, dict | list) else value
    if isinstance(shape, dict):
        given = cast("dict[str, Any]", shape)
        return _object(value, given) if given else _anything(value)
    if not shape:
        return _list(value, None)
    if len(shape) == 1 and isinstance(shape[0], list):
        return _list(value, _shapes(shape[0]))
    return _object(value, _shapes(shape))


def _shapes(named: Sequence[Any]) -> dict[str, Any]:
    """``["street", {"geo": ["lat"]}]`` as name → shape."""
    shapes: dict[str, Any] = {}
    for one in named:
        shapes |= {one: None} if isinstance(one, str) else dict(one)
    return shapes


def _object(value: Any, shapes: Mapping[str, Any]) -> Any:
    return _chosen(cast("Params", value), shapes) if isinstance(value, dict) else _UNFIT


def _list(value: Any, shapes: Mapping[str, Any] | None) -> Any:
    """A list of scalars, or of objects of *shapes*; what does not fit in it is left out."""
    if shapes is not None and isinstance(value, dict):
        value = _numbered(cast("Params", value))
    if not isinstance(value, list):
        return _UNFIT
    items = (
        _fitted(one, None) if shapes is None else _object(one, shapes)
        for one in cast("list[Any]", value)
    )
    return [one for one in items if one is not _UNFIT]


def _numbered(value: Params) -> Any:
    """The objects of a form whose rows were numbered with gaps, in the order of their numbers."""
    keys = [key for key, _ in value.items()]
    if not keys or not all(key.isascii() and key.isdecimal() and len(key) <= 20 for key in keys):
        return _UNFIT
    return [value[key] for key in sorted(keys, key=int)]


def _anything(value: Any) -> Any:
    return _released(value) if isinstance(value, dict) else _UNFIT


def _released(value: Any) -> Any:
    """*value* with every object inside permitted."""
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value)
        return PermittedParams({name: _released(one) for name, one in inner.items()})
    if isinstance(value, list):
        return [_released(one) for one in cast("list[Any]", value)]
    return value


def _wrong_shape(name: str, value: Any, shape: Any) -> InvalidParameterError:
    found = kind_of(value)
    wanted = "a single value" if shape is None else _kind_wanted(shape)
    return InvalidParameterError({name: [("shape", f"must be {wanted}, not {found}")]}, status=400)


def _kind_wanted(shape: Any) -> str:
    is_list = isinstance(shape, list) and (not shape or isinstance(shape[0], list))
    return "a list" if is_list else "an object"


def kind_of(value: Any) -> str:
    """What *value* is to a client."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return "a single value"
