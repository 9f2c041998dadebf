"""Runs inside Pyodide: turns a zip of sources into a zip of unchecked hash ``.pyc`` files.

Unchecked, because an archive and its digest are one: comparing dates or sources at import would
cost time and could only find that the archive equals itself. Stored, because an archive travels
squeezed as a whole, which makes it smaller, and is then read without inflating anything.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import marshal
import os
import sys
import zipfile

HOST = "/host"
UNCHECKED_HASH = (0b01).to_bytes(4, "little")
"""The flags of a ``.pyc`` that is never compared with its source."""
EPOCH = (1980, 1, 1, 0, 0, 0)
PERMISSIONS = 0o644 << 16

DOCUMENTED_FOLDERS = ("_pyodide/", "pyodide/", "velocious/cli/", "velocious_browser/cli/")
"""Pyodide gives its own docstrings to functions that are written in C; a command's is its help."""
COMMANDS = "/commands/"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def is_documented(name: str) -> bool:
    """Whether a program reads the docstrings of the module *name*."""
    return name.startswith(DOCUMENTED_FOLDERS) or COMMANDS in name


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The same program; nobody reads what a library says about itself in a browser."""
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.copy_location(ast.Pass(), node.body[0])]
    return tree


def compile_source(source: bytes, filename: str, docstrings: bool) -> bytes:
    tree = ast.parse(source, filename)
    code = compile(
        tree if docstrings else without_docstrings(tree), filename, "exec", dont_inherit=True
    )
    hashed = UNCHECKED_HASH + importlib.util.source_hash(source)
    return importlib.util.MAGIC_NUMBER + hashed + marshal.dumps(code)


def compile_member(name: str, content: bytes, root: str, docstrings: bool) -> tuple[str, bytes]:
    if not name.endswith(".py"):
        return name, content
    return f"{name}c", compile_source(content, root + name, docstrings)


def compile_archive(source: str, output: str, root: str, docstrings: bool) -> None:
    partial = f"{HOST}{output}.partial"
    with zipfile.ZipFile(HOST + source) as sources, zipfile.ZipFile(partial, "w") as target:
        for item in sources.infolist():
            kept = docstrings or is_documented(item.filename)
            name, content = compile_member(item.filename, sources.read(item), root, kept)
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = PERMISSIONS
            target.writestr(info, content)
    os.replace(partial, HOST + output)


def compile_jobs(text: str) -> str:
    for job in json.loads(text):
        compile_archive(job["source"], job["output"], job["root"], job["docstrings"])
    return json.dumps({"python_version": sys.version.split()[0]})
