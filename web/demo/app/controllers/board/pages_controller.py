"""What the pages of the HTML board have in common."""

from __future__ import annotations

from velocious.controller import Controller, rescue_from
from velocious.errors import AccessDeniedError, RecordNotFoundError


class PagesController(Controller):
    layout = "board"

    def back(self, *, notice: str | None = None, alert: str | None = None) -> None:
        """Return to the page that the form was on, and say what became of it."""
        if notice is not None:
            self.flash["notice"] = notice
        if alert is not None:
            self.flash["alert"] = alert
        self.redirect_back(fallback=self.urls.board_root_path())

    @rescue_from(RecordNotFoundError)
    async def say_that_it_is_gone(self, _: RecordNotFoundError) -> None:
        self.flash["alert"] = "Somebody deleted it meanwhile."
        self.redirect_to(self.urls.board_root_path())

    @rescue_from(AccessDeniedError)
    async def say_what_forbids_it(self, error: AccessDeniedError) -> None:
        self.back(alert=str(error))
