"""What a place cannot do."""

from __future__ import annotations

from velocious.errors.base import VelociousError


class PlatformError(VelociousError):
    """The environment the program runs in cannot do what was asked."""

    code = "platform_error"


class NotAvailableHereError(PlatformError):
    """An ability that only another environment has."""

    code = "not_available_here"

    def __init__(self, what: str, *, environment: str, instead: str) -> None:
        self.what = what
        self.environment = environment
        super().__init__(f"{what} is not available in the {environment} environment. {instead}")
