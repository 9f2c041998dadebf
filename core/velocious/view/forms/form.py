"""``{% call(f) form(post) %}…{% endcall %}``: a form around its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from markupsafe import Markup

from velocious.errors import RenderError
from velocious.record import Record
from velocious.view.addresses import address_of, collection_address
from velocious.view.forms.builder import FormBuilder
from velocious.view.forms.naming import form_name
from velocious.view.helpers.links import form_element

if TYPE_CHECKING:
    from collections.abc import Callable


def form(
    target: Any = None,
    /,
    *,
    caller: Callable[[FormBuilder], Any],
    url: Any = None,
    method: str | None = None,
    name: str | None = None,
    multipart: bool = False,
    **attributes: Any,
) -> Markup:
    """A form for *target*: a record, or a list that ends with one (``[project, task]``).

    A new record is posted to where the others are, a stored one patched; *url* and *method* say
    otherwise. It is multipart where a field takes a file.

    Arguments:
        name: in front of the fields' names; by default the model's.

    Raises:
        RenderError: no route leads to where the form goes.
    """
    record = _record(target)
    called = name if name is not None else form_name(record) if record else ""
    builder = FormBuilder(record, called)
    fields = Markup(caller(builder))
    head = {
        "action": _address(target, record, url),
        "enctype": "multipart/form-data" if multipart or builder.has_files else None,
        # What is wrong is said by the record, in the visitor's language.
        "novalidate": record is not None,
        **attributes,
    }
    return form_element(head, method or _method(record), fields)


def _record(target: Any) -> Record | None:
    last: Any = target
    if isinstance(target, list | tuple) and target:
        last = cast("list[Any]", target)[-1]
    if last is None or isinstance(last, Record):
        return last
    raise RenderError(
        f"form takes a record, or a list that ends with one, not {target!r}. Without a record say "
        'where it goes: form(url="/search", method="get").'
    )


def _address(target: Any, record: Record | None, url: Any) -> str:
    if url is not None:
        return address_of(url)
    if record is None:
        raise RenderError('A form without a record needs an address: form(url="/search").')
    return collection_address(target) if record.is_new_record else address_of(target)


def _method(record: Record | None) -> str:
    return "patch" if record is not None and record.is_persisted else "post"
