"""The room that a site has: what of it is used, and giving it less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Chromium reports "what is used, and 10 GB" as the quota of every site unless told not to.
REAL_QUOTA = "--disable-features=StaticStorageQuota"
MEGABYTE = 1024 * 1024


def allow(page: Page, size: int | None) -> None:
    """Give the site another quota, or its own again."""
    session = page.context.new_cdp_session(page)
    given: dict[str, Any] = {} if size is None else {"quotaSize": size}
    session.send(  # pyright: ignore[reportUnknownMemberType]
        "Storage.overrideQuotaForOrigin", {"origin": page.evaluate("location.origin"), **given}
    )


def used(page: Page) -> int:
    return page.evaluate("app.storage.refresh().then(({ usage }) => usage)")
