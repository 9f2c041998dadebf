"""Finds steps of migrations that keep a busy PostgreSQL server's users waiting.

Law: only the text is read; nothing is run. What is done to a table that the same migration makes is
never complained about, nor what somebody has said is safe, and why: with ``# safe: reason`` on its
line, or inside ``with self.safety_assured("reason"):``.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.migration.lint_rules import RULES, RULES_OF_BLOCKS, Call

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from velocious.migration.lint_rules import Rule
    from velocious.migration.provider import MigrationSource

_SAFE = re.compile(r"#\s*safe:\s*(\S.*)?")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A step that may keep users waiting.

    Attributes:
        place: the file and line (``"20260101000000_add_x.py:7"``).
        step: the name of the step.
        danger: what happens.
        instead: what to write.
    """

    place: str
    step: str
    danger: str
    instead: str

    @property
    def text(self) -> str:
        """All of it in a line."""
        return f"{self.place}: {self.step}: {self.danger} {self.instead}"


def lint(sources: Iterable[MigrationSource]) -> list[Complaint]:
    """The complaints about *sources*; those that came from no file are not looked at."""
    return [
        complaint
        for source in sources
        if source.text is not None
        for complaint in lint_text(source.text, f"{source.version}_{source.name}.py")
    ]


def lint_text(text: str, file: str) -> list[Complaint]:
    """The complaints about the migration in *text*."""
    tree = ast.parse(text)
    reader = _Reader(text, tree)
    return [
        Complaint(f"{file}:{call.line}", call.method, danger, instead)
        for call, rule in reader.calls()
        if (found := rule(call)) is not None
        for danger, instead in [found]
    ]


class _Reader:
    """Finds the calls of a migration that rules are about."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self._tree = tree
        self._made: set[str] = set()
        self._bare = False
        lines = enumerate(text.splitlines(), 1)
        self._safe = {number for number, line in lines if _is_safe(line)}

    def calls(self) -> Iterator[tuple[Call, Rule]]:
        """Each call with its rule, in the order of the text."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call) and _method(node, "self") == "create_table":
                self._made.add(_text(node.args[0]) if node.args else "")
            if isinstance(node, ast.Assign) and _sets(node, "disable_transaction"):
                self._bare = isinstance(node.value, ast.Constant) and node.value.value is True
        for node in self._tree.body:
            if isinstance(node, ast.ClassDef):
                for step in node.body:
                    # What is undone is not looked at: it is an emergency already.
                    if isinstance(step, ast.AsyncFunctionDef) and step.name != "down":
                        yield from self._within(step, {})

    def _within(self, node: ast.AST, blocks: dict[str, str]) -> Iterator[tuple[Call, Rule]]:
        if isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                method = _method(item.context_expr, "self")
                if method == "safety_assured":
                    return
                if method == "change_table" and isinstance(item.optional_vars, ast.Name):
                    table = _first(item.context_expr)
                    blocks = {**blocks, item.optional_vars.id: table}
        if isinstance(node, ast.Call):
            yield from self._called(node, blocks)
        for child in ast.iter_child_nodes(node):
            yield from self._within(child, blocks)

    def _called(self, node: ast.Call, blocks: dict[str, str]) -> Iterator[tuple[Call, Rule]]:
        if {node.lineno, node.lineno - 1, node.end_lineno} & self._safe:
            return
        if (method := _method(node, "self")) is not None:
            table, rule, values = _first(node), RULES.get(method), node.args[1:]
        else:
            block = next((name for name in blocks if _method(node, name)), "")
            method = _method(node, block) or ""
            table, rule, values = blocks.get(block, ""), RULES_OF_BLOCKS.get(method), node.args
        if rule is None or table in self._made:
            return
        options = {one.arg: one.value for one in node.keywords if one.arg}
        yield Call(method, table, node.lineno, values, options, bare=self._bare), rule


def _is_safe(line: str) -> bool:
    found = _SAFE.search(line)
    return found is not None and found.group(1) is not None


def _method(node: ast.AST, owner: str) -> str | None:
    """The name of the method that *node* calls on the variable *owner*."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    value = node.func.value
    return node.func.attr if isinstance(value, ast.Name) and value.id == owner else None


def _first(node: ast.AST) -> str:
    return _text(node.args[0]) if isinstance(node, ast.Call) and node.args else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ast.unparse(node)


def _sets(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
