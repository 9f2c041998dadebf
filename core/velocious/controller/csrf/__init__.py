"""CSRF: a change is made only when a page of this application, or a program, asks for it.

Law: on for every controller. A request that a browser sends from another site's page is refused by
its headers, before its body is read; where a browser tells nothing, a form must bring a token.
"""

from __future__ import annotations

from velocious.controller.csrf.protection import protect_from_forgery as protect_from_forgery
from velocious.controller.csrf.protection import skip_csrf as skip_csrf
