"""Velocious in a browser: Pyodide in a worker, SQLite on durable storage."""

from __future__ import annotations

from velocious_browser.handler import BrowserEnvironmentHandler as BrowserEnvironmentHandler
