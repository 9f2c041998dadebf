"""How many bytes a first visit fetches, by part, in brotli: what the site's own list says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious_node.browser.runtime_folder import RuntimeFolder, is_own
from velocious_node.browser.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.configuration import Configuration

type Size = tuple[int, int]


def describe_weight(configuration: Configuration) -> str:
    """A table: what the first rows need, and what is kept for a time without a network."""
    runtime = RuntimeFolder()
    names = {_name_in_site(one): one["name"] for one in runtime.manifest["archives"]}
    lazy = {one["name"] for one in runtime.manifest["archives"] if one["lazy"]}
    parts: dict[bool, dict[str, Size]] = {False: {}, True: {}}
    for file in Site(configuration).files:
        if file.first_visit:
            name = file.path.rpartition("/")[2]
            part = names.get(name, name if file.group == "runtime" else file.group)
            sizes = parts[part in lazy]
            raw, sent = sizes.get(part, (0, 0))
            sizes[part] = (raw + len(file.content), sent + file.sent)
    lines = [_line("kB of a first visit, by part", "raw", "brotli")]
    for is_later, title in ((False, "until the first rows"), (True, "fetched behind them")):
        by_size = sorted(parts[is_later].items(), key=lambda one: -one[1][1])
        lines += [_sizes(f"  {part}", [size]) for part, size in by_size]
        lines.append(_sizes(title, parts[is_later].values()))
    lines.append(_sizes("together", [*parts[False].values(), *parts[True].values()]))
    return "\n".join(lines)


def _name_in_site(archive: dict[str, Any]) -> str:
    if is_own(archive):
        return f"{archive['sha256'][:16]}.zip"
    return archive["path"].rpartition("/")[2]


def _sizes(title: str, sizes: Iterable[Size]) -> str:
    raw, sent = (sum(column) / 1000 for column in zip(*sizes, strict=True))
    return _line(title, f"{raw:,.0f}", f"{sent:,.0f}")


def _line(title: str, raw: str, sent: str) -> str:
    return f"{title:<36}{raw:>10}{sent:>10}"
