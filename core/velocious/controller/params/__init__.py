"""Parameters: what a request says by name, read as types, and let through by name only."""

from __future__ import annotations

from velocious.controller.params.params import Params as Params
from velocious.controller.params.params import PermittedParams as PermittedParams
from velocious.controller.params.params import SentList as SentList
