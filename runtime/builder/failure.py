"""The one error of the build: what a person has to do before it can go on."""

from __future__ import annotations


class BuildError(Exception):
    """A step failed in a way that only a person can mend."""
