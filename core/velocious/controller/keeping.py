"""What a controller keeps from request to request: cookies, the session, the flash.

Law: each is made when it is first asked for, so that an action which keeps nothing pays nothing.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.controller.answering import Answering
from velocious.controller.csrf.protection import ForgeryProtection

if TYPE_CHECKING:
    from markupsafe import Markup
    from starlette.responses import Response

    from velocious.controller.cookies import Cookies
    from velocious.controller.session import Session
    from velocious.controller.session.flash import Flash


class Keeping(Answering):
    """The part of :class:`Controller` that remembers visitors, and knows their own forms."""

    #: Which actions check that a change was asked for by a page of ours: all of them.
    forgery_protection: ClassVar[ForgeryProtection] = ForgeryProtection()

    @cached_property
    def cookies(self) -> Cookies:
        """The cookies of the request and the answer."""
        from velocious.controller.cookies import Cookies

        self.before_sending(self._finish_last)
        return Cookies(self.request.scope, self.configuration)

    @cached_property
    def session(self) -> Session:
        """What is remembered of the visitor from request to request."""
        from velocious.controller.session import Session
        from velocious.controller.session.stores import session_store

        configuration = self.configuration
        return Session(self.cookies, configuration, session_store(configuration))

    @cached_property
    def flash(self) -> Flash:
        """Messages for the page that the visitor sees next."""
        from velocious.controller.session.flash import Flash

        return Flash(self.session)

    def reset_session(self) -> None:
        """Forget everything about the visitor, as when somebody signs out."""
        self.session.reset()

    def csrf_token(self) -> str:
        """What a form must send back as ``authenticity_token``, a script as ``X-CSRF-Token``."""
        from velocious.controller.csrf.token import masked_token

        return masked_token(self.session)

    def csrf_field(self) -> Markup:
        """The hidden field with the token, for a form that posts."""
        from velocious.controller.csrf.token import field_of

        return field_of(self.csrf_token())

    def csp_nonce(self) -> str:
        """What a script repeats, ``<script nonce="…">``, to run under a policy with ``{nonce}``."""
        from velocious.controller.csp_nonce import csp_nonce

        return csp_nonce(self.request.scope)

    def _finish_last(self, _: Response) -> None:
        # Whoever else waits for the answer may still set something.
        self.before_sending(self._finish)

    async def _finish(self, response: Response) -> None:
        """Write the flash into the session, the session into its cookie, cookies into headers."""
        made: dict[str, Any] = self.__dict__
        if "flash" in made:
            self.flash.store()
        if "session" in made:
            await self.session.save(response)
        self.cookies.send(response)
