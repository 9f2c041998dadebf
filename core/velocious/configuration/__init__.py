"""The configuration of an application: its settings, and what is open while it runs."""

from __future__ import annotations

from velocious.configuration.configuration import Configuration as Configuration
