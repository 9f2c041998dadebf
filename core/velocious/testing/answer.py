"""``Answer``: what an application answered, and what a test may expect of it.

Law: an expectation that is not met says what came instead, down to the application's own message.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from velocious.testing.excerpt import excerpt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bs4 import BeautifulSoup, Tag
    from starlette.datastructures import Headers

    from velocious.testing.asked import Asked
    from velocious.testing.cookie_jar import Cookie

REDIRECTS = (301, 302, 303, 307, 308)

_CHARSET = re.compile(r"charset=\"?([\w-]+)", re.IGNORECASE)


class AnswerHead:
    """What comes before the body.

    Attributes:
        asked: the request that this answers.
        status: such as 200.
        headers: by name, in any case.
        cookies: those that this answer sets, by name, with their attributes.
    """

    def __init__(
        self, asked: Asked, status: int, headers: Headers, cookies: Mapping[str, Cookie]
    ) -> None:
        self.asked = asked
        self.status = status
        self.headers = headers
        self.cookies = cookies

    @property
    def location(self) -> str | None:
        """Where a redirect leads to; a path where that is this application."""
        address = self.headers.get("location")
        return None if address is None else address.removeprefix(self.asked.origin) or "/"

    @property
    def content_type(self) -> str:
        """Without its parameters: ``text/html``."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Answer(AnswerHead):
    """A whole answer.

    Attributes:
        body: its bytes.
        redirects: the answers that led here, where redirects were followed.
        failure: the error that the application answered with 500, if there was one.
    """

    def __init__(
        self,
        head: AnswerHead,
        body: bytes,
        *,
        redirects: Sequence[Answer] = (),
        failure: Exception | None = None,
    ) -> None:
        super().__init__(head.asked, head.status, head.headers, head.cookies)
        self.body = body
        self.redirects = tuple(redirects)
        self.failure = failure
        self._html: BeautifulSoup | None = None

    def __repr__(self) -> str:
        return f"<Answer {self.status} to {self.asked.method} {self.asked.path}>"

    @property
    def text(self) -> str:
        """The body as text, in the charset that the answer names."""
        found = _CHARSET.search(self.headers.get("content-type", ""))
        return self.body.decode(found[1] if found else "utf-8")

    def json(self) -> Any:
        """The value in a JSON body. Raises AssertionError where it is none."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise AssertionError(f"{self._said()}, which is no JSON: {error}.") from error

    @property
    def html(self) -> BeautifulSoup:
        """The page, to look into with ``select``. Raises TestingError without beautifulsoup4."""
        if self._html is None:
            from velocious.testing.page import parse

            self._html = parse(self.text)
        return self._html

    # Expectations

    def assert_status(self, *expected: int) -> Answer:
        """Exactly this status, or one of several; the answer itself, to go on."""
        if self.status not in expected:
            raise self._unmet(f", not {' or '.join(map(_status, expected))}")
        return self

    def assert_ok(self) -> Answer:
        """Any status from 200 to 299."""
        if not 200 <= self.status < 300:
            raise self._unmet(", not 2xx")
        return self

    def assert_redirect(self, to: str | None = None) -> Answer:
        """A redirect, and where it leads to."""
        if self.status not in REDIRECTS:
            raise self._unmet(", which is no redirect")
        if to is not None and self.location != to:
            raise self._unmet(f" and leads to {self.location!r}, not to {to!r}")
        return self

    def assert_header(self, name: str, expected: str | None = "") -> Answer:
        """The header *name*, of this very value where one is given; None: no such header."""
        value = self.headers.get(name)
        if expected is None and value is not None:
            raise self._unmet(f" with {name}: {value}, which should not be there")
        if expected is not None and value is None:
            there = ", ".join(sorted(self.headers.keys()))
            raise self._unmet(f" without the header {name}. There are: {there}")
        if expected not in (None, "", value):
            raise self._unmet(f" with {name}: {value}, not {expected}")
        return self

    def assert_text(self, *expected: str) -> Answer:
        """Each of these texts is somewhere in the body; in a page: in what a person reads."""
        text = self._readable() if self.content_type == "text/html" else self.text
        for one in expected:
            if one not in text:
                raise self._unmet(f", but without the text {one!r}")
        return self

    def assert_select(
        self, selector: str, text: str | re.Pattern[str] | None = None, *, count: int | None = None
    ) -> list[Tag]:
        """The elements that the CSS *selector* finds, whose text is *text* or matches it.

        Without *count* there must be one at least; ``count=0`` says that there is none.
        """
        from velocious.testing.page import check_selection

        return check_selection(self.html, selector, text, count, self._said())

    def _readable(self) -> str:
        from velocious.testing.page import page_words

        return page_words(self.html)

    def _unmet(self, problem: str) -> AssertionError:
        return AssertionError(f"{self._said()}{problem}.{self._shown()}")

    def _said(self) -> str:
        return f"{self.asked.method} {self.asked.path} answered {_status(self.status)}"

    def _shown(self) -> str:
        told = excerpt(self.content_type, self.body)
        if self.location is not None:
            told = f"It leads to {self.location}.\n{told}".rstrip()
        if self.failure is not None:
            told = f"{type(self.failure).__name__}: {self.failure}\n{told}".rstrip()
        return f"\n\n{told}" if told else ""


def _status(number: int) -> str:
    try:
        return f"{number} {HTTPStatus(number).phrase}"
    except ValueError:
        return str(number)
