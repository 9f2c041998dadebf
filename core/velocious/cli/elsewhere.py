"""Which commands a page does not have."""

from __future__ import annotations

#: Commands that need a shell or a disk; a server process brings them along.
SERVER_ONLY = (
    "channels:stats",
    "console",
    "d:controller",
    "d:migration",
    "d:model",
    "d:scaffold",
    "db:backup",
    "db:console",
    "db:restore",
    "g:attachments",
    "g:base-models",
    "g:channel",
    "g:controller",
    "g:frontend-models",
    "g:migration",
    "g:model",
    "g:resource",
    "g:scaffold",
    "g:secret",
    "g:sessions",
    "init",
    "server",
    "web:build",
    "web:manifest",
)
