"""Tests that ask for what cannot be."""

from __future__ import annotations

from velocious.errors.base import VelociousError


class TestingError(VelociousError):
    """A test that is written in a way that cannot work, or an application that breaks the rules of
    its server.
    """

    __test__ = False

    code = "testing_error"
