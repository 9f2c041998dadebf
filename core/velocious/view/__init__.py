"""Templates: what people see of an application.

Law: nothing here is imported before something is rendered; a template never asks the database, for
what it shows was loaded by the action.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names

if TYPE_CHECKING:
    from velocious.view.forms.builder import FormBuilder as FormBuilder
    from velocious.view.forms.form import form as form
    from velocious.view.helpers.assets import app_path as app_path
    from velocious.view.helpers.assets import asset_path as asset_path
    from velocious.view.helpers.dates import l as l
    from velocious.view.helpers.dates import time_ago as time_ago
    from velocious.view.helpers.links import button_to as button_to
    from velocious.view.helpers.links import link_to as link_to
    from velocious.view.helpers.links import safe_url as safe_url
    from velocious.view.helpers.messages import error_summary as error_summary
    from velocious.view.helpers.messages import flash_messages as flash_messages
    from velocious.view.helpers.numbers import number as number
    from velocious.view.helpers.paging import paginate as paginate
    from velocious.view.helpers.parts import content as content
    from velocious.view.helpers.parts import partial as partial
    from velocious.view.helpers.protection import csrf_field as csrf_field
    from velocious.view.helpers.text import humanize as humanize
    from velocious.view.helpers.text import simple_format as simple_format
    from velocious.view.helpers.text import truncate as truncate
    from velocious.view.helpers.translating import t as t
    from velocious.view.helpers.values import display as display
    from velocious.view.markup import element as element
    from velocious.view.markup import empty_element as empty_element
    from velocious.view.page import Page as Page
    from velocious.view.rendering import Rendering as Rendering
    from velocious.view.rendering import current_rendering as current_rendering

__getattr__ = late_names(
    __name__,
    {
        "FormBuilder": "velocious.view.forms.builder",
        "form": "velocious.view.forms.form",
        "app_path": "velocious.view.helpers.assets",
        "asset_path": "velocious.view.helpers.assets",
        "l": "velocious.view.helpers.dates",
        "time_ago": "velocious.view.helpers.dates",
        "button_to": "velocious.view.helpers.links",
        "link_to": "velocious.view.helpers.links",
        "safe_url": "velocious.view.helpers.links",
        "error_summary": "velocious.view.helpers.messages",
        "flash_messages": "velocious.view.helpers.messages",
        "number": "velocious.view.helpers.numbers",
        "paginate": "velocious.view.helpers.paging",
        "content": "velocious.view.helpers.parts",
        "partial": "velocious.view.helpers.parts",
        "csrf_field": "velocious.view.helpers.protection",
        "humanize": "velocious.view.helpers.text",
        "simple_format": "velocious.view.helpers.text",
        "truncate": "velocious.view.helpers.text",
        "t": "velocious.view.helpers.translating",
        "display": "velocious.view.helpers.values",
        "element": "velocious.view.markup",
        "empty_element": "velocious.view.markup",
        "Page": "velocious.view.page",
        "Rendering": "velocious.view.rendering",
        "current_rendering": "velocious.view.rendering",
    },
)
