"""The answers that actions give: Starlette's responses, made at less cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from velocious.controller.answer.status import WITHOUT_BODY

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json"


class Answer(Response):
    """A status, a type and bytes. The headers are made when somebody asks for them: most answers
    need none but those that every answer has.
    """

    background = None
    media_type: str | None

    def __init__(self, body: bytes, status: int, media_type: str | None) -> None:
        self.body = body
        self.status_code = status
        self.media_type = media_type

    def __getattr__(self, name: str) -> list[tuple[bytes, bytes]]:
        if name != "raw_headers":
            raise AttributeError(name=name, obj=self)
        self.init_headers()
        return self.raw_headers

    @property
    def is_plain_json(self) -> bool:
        """Whether nobody touched what is sent with it."""
        return (
            self.media_type is JSON
            and "raw_headers" not in self.__dict__
            and self.status_code not in WITHOUT_BODY
        )

    def set_headers(self, given: Mapping[str, str]) -> None:
        """Add the headers *given*, in place of its own of these names."""
        headers = self.headers
        for name, value in given.items():
            headers[name] = value
