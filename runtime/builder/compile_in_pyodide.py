"""Runs inside Pyodide: turns a zip of sources into a zip of unchecked hash ``.pyc`` files.

Unchecked, because an archive and its digest are one: comparing dates or sources at import would
cost time and could only find that the archive equals itself.
"""

from __future__ import annotations

import json
import os
import py_compile
import sys
import zipfile
from pathlib import Path

HOST = "/host"
SOURCE = Path("/tmp/source.py")
COMPILED = Path("/tmp/source.pyc")
EPOCH = (1980, 1, 1, 0, 0, 0)
PERMISSIONS = 0o644 << 16


def compile_source(source: bytes, filename: str) -> bytes:
    SOURCE.write_bytes(source)
    py_compile.compile(
        str(SOURCE),
        cfile=str(COMPILED),
        dfile=filename,
        doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    return COMPILED.read_bytes()


def compile_member(name: str, content: bytes, root: str) -> tuple[str, bytes]:
    if not name.endswith(".py"):
        return name, content
    return f"{name}c", compile_source(content, root + name)


def compile_archive(source: str, output: str, root: str, compress: bool) -> None:
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    partial = f"{HOST}{output}.partial"
    with zipfile.ZipFile(HOST + source) as sources, zipfile.ZipFile(partial, "w") as target:
        for item in sources.infolist():
            name, content = compile_member(item.filename, sources.read(item), root)
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = method
            info.external_attr = PERMISSIONS
            target.writestr(info, content, compresslevel=9 if compress else None)
    os.replace(partial, HOST + output)


def compile_jobs(text: str) -> str:
    for job in json.loads(text):
        compile_archive(job["source"], job["output"], job["root"], job["compress"])
    return json.dumps({"python_version": sys.version.split()[0]})
