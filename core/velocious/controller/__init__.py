"""Controllers: actions that answer requests."""

from __future__ import annotations

from velocious.controller.controller import Controller as Controller
from velocious.controller.params import Params as Params
