"""A tree of the parts of paths: finding what a path leads to costs as much as the path is long,
however many routes there are.

Law: at each part of a path, fixed text comes first, then parameters in the order in which they were
drawn, then parameters with slashes, and at last what is mounted there.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from velocious.routing.parameter_types import TYPES, matcher
from velocious.routing.path import parameters, pieces, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from velocious.routing.entry import Entry

    type Match = Callable[[str], tuple[str, ...] | None]

#: Method → entries in the order in which they were drawn.
type Leaf = dict[str, tuple[Entry, ...]]
#: The texts of a path's parameters.
type Texts = tuple[str, ...]

#: No parameter beside others in one part of a path is looked for in more text than this: there the
#: work grows with the square of its length.
LONGEST_MIXED = 256


class Node:
    """A place in the tree: the parts of the path that led here are matched."""

    __slots__ = ("_by_shape", "fixed", "leaf", "mounts", "parameters", "tails")

    def __init__(self) -> None:
        self.fixed: dict[str, Node] = {}
        self.parameters: list[tuple[Match | None, int, Node]] = []
        self.tails: dict[re.Pattern[str], Leaf] = {}
        self.leaf: Leaf = {}
        self.mounts: tuple[Entry, ...] = ()
        self._by_shape: dict[str, Node] = {}

    def below(self, path: str) -> Node:
        """The place that *path*, which has no parameter with slashes, leads to from here."""
        node = self
        for segment in path.split("/")[1:]:
            node = node._child(segment)
        return node

    def leaf_of(self, path: str) -> Leaf:
        """The leaf of *path*."""
        if not any(one.type == "path" for one in parameters(path)):
            return self.below(path).leaf
        before = path[: path.index(":path}")].rpartition("/")[0]
        node = self.below(before) if before else self
        return node.tails.setdefault(_pattern(path[len(before) + 1 :]), {})

    def find(self, segments: Sequence[str]) -> list[tuple[Leaf, Texts]]:
        """The leaves that *segments* lead to, the best one first."""
        found: list[tuple[Leaf, Texts]] = []
        self._find(segments, 0, (), found)
        return found

    def _find(
        self, segments: Sequence[str], at: int, texts: Texts, found: list[tuple[Leaf, Texts]]
    ) -> None:
        node, end = self, len(segments)
        while at < end:
            if node.parameters or node.tails:
                node._branch(segments, at, texts, found)
                return
            child = node.fixed.get(segments[at])
            if child is None:
                return
            node = child
            at += 1
        if node.leaf:
            found.append((node.leaf, texts))

    def _branch(
        self, segments: Sequence[str], at: int, texts: Texts, found: list[tuple[Leaf, Texts]]
    ) -> None:
        for child, more in self._ways(segments[at], texts):
            child._find(segments, at + 1, more, found)
        for pattern, leaf in self.tails.items():
            if match := pattern.fullmatch("/".join(segments[at:])):
                found.append((leaf, texts + match.groups()))

    def _ways(self, segment: str, texts: Texts) -> list[tuple[Node, Texts]]:
        """Where *segment* leads from here."""
        child = self.fixed.get(segment)
        ways = [] if child is None else [(child, texts)]
        for match, longest, child in self.parameters:
            if match is None:
                if segment:
                    ways.append((child, (*texts, segment)))
            elif len(segment) <= longest and (found := match(segment)):
                ways.append((child, texts + found))
        return ways

    def find_mounts(
        self, segments: Sequence[str], at: int = 0, texts: Texts = ()
    ) -> Iterator[tuple[Entry, Texts, int]]:
        """What is mounted above *segments*, the deepest first, with how many of them lead there."""
        if at < len(segments):
            for child, more in self._ways(segments[at], texts):
                yield from child.find_mounts(segments, at + 1, more)
        for entry in self.mounts:
            yield entry, texts, at

    def _child(self, segment: str) -> Node:
        if "{" not in segment:
            return self.fixed.setdefault(segment, Node())
        key = shape(segment)
        if key not in self._by_shape:
            self._by_shape[key] = node = Node()
            self.parameters.append((*_matching(segment), node))
        return self._by_shape[key]


def _matching(segment: str) -> tuple[Match | None, int]:
    """What finds the texts of the parameters in a part of a path, and how long it may be; None:
    the whole of it, whatever it is.
    """
    cut = pieces(segment)
    kinds = [one.type for one in parameters(segment)]
    if len(kinds) > 1:
        return matcher(_pattern(segment)), LONGEST_MIXED
    if cut[0] or cut[-1]:
        return matcher(_pattern(segment)), sys.maxsize
    kind = kinds[0]
    return (None if kind == "str" else TYPES[kind].matcher()), sys.maxsize


def _pattern(text: str) -> re.Pattern[str]:
    expression = "".join(
        re.escape(piece) if isinstance(piece, str) else f"({TYPES[piece.type].pattern})"
        for piece in pieces(text)
    )
    # A line break is text like any other; `re` keeps one object for equal expressions.
    return re.compile(expression, re.DOTALL)
