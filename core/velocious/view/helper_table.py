"""What every template can call.

Law: a helper that writes HTML escapes what it was given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.view.forms.form import form
from velocious.view.helpers.assets import app_path, asset_path
from velocious.view.helpers.dates import l, time_ago
from velocious.view.helpers.links import button_to, link_to, safe_url
from velocious.view.helpers.messages import error_summary, flash_messages
from velocious.view.helpers.numbers import number
from velocious.view.helpers.paging import paginate
from velocious.view.helpers.parts import content, partial
from velocious.view.helpers.protection import csrf_field
from velocious.view.helpers.text import humanize, simple_format, truncate
from velocious.view.helpers.translating import t
from velocious.view.helpers.values import display
from velocious.view.markup import element

if TYPE_CHECKING:
    from collections.abc import Callable

HELPERS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        app_path,
        asset_path,
        button_to,
        content,
        csrf_field,
        display,
        element,
        error_summary,
        flash_messages,
        form,
        humanize,
        l,
        link_to,
        number,
        paginate,
        partial,
        safe_url,
        simple_format,
        t,
        time_ago,
        truncate,
    )
}
#: Those that read well behind a value, too: ``{{ post.body | simple_format }}``.
FILTERS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (display, humanize, l, number, safe_url, simple_format, time_ago, truncate)
}
