"""Cookies: plain ones, signed ones that nobody changed, encrypted ones that nobody read either.

Law: a cookie that no browser would keep, or that would not be safe, is an error when it is set;
one that comes and cannot be used is not there.
"""

from __future__ import annotations

from velocious.controller.cookies.cookies import Cookies as Cookies
