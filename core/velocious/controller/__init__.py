"""Controllers: actions that answer requests.

A request comes to ``dispatch``, which reads ``body/`` and ``params/``, runs the ``filters`` of the
``plan`` and the action, and sends the ``answer/`` through ``exchange``. What an action takes is in
``declaring/``; JSON is in ``encoding/``; files and streams are in ``sending/``; what a client keeps
is in ``caching/`` and ``cookies/``, what is kept for it in ``session/``; who may ask from another
site is in ``cors/`` and ``csrf/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names

if TYPE_CHECKING:
    from velocious.controller.body.uploads import UploadedFile as UploadedFile
    from velocious.controller.controller import Controller as Controller
    from velocious.controller.csrf import protect_from_forgery as protect_from_forgery
    from velocious.controller.csrf import skip_csrf as skip_csrf
    from velocious.controller.declaring import accepts as accepts
    from velocious.controller.declaring import responds as responds
    from velocious.controller.filters import after_action as after_action
    from velocious.controller.filters import around_action as around_action
    from velocious.controller.filters import before_action as before_action
    from velocious.controller.filters import rescue_from as rescue_from
    from velocious.controller.filters import skip_after_action as skip_after_action
    from velocious.controller.filters import skip_around_action as skip_around_action
    from velocious.controller.filters import skip_before_action as skip_before_action
    from velocious.controller.params import Params as Params
    from velocious.controller.request import Request as Request
    from velocious.controller.sending.event_stream import Event as Event

__getattr__ = late_names(
    __name__,
    {
        "Controller": "velocious.controller.controller",
        "Event": "velocious.controller.sending.event_stream",
        "Params": "velocious.controller.params",
        "Request": "velocious.controller.request",
        "UploadedFile": "velocious.controller.body.uploads",
        "accepts": "velocious.controller.declaring",
        "after_action": "velocious.controller.filters",
        "around_action": "velocious.controller.filters",
        "before_action": "velocious.controller.filters",
        "protect_from_forgery": "velocious.controller.csrf",
        "rescue_from": "velocious.controller.filters",
        "responds": "velocious.controller.declaring",
        "skip_after_action": "velocious.controller.filters",
        "skip_around_action": "velocious.controller.filters",
        "skip_before_action": "velocious.controller.filters",
        "skip_csrf": "velocious.controller.csrf",
    },
)
