"""What of the standard library and of our libraries no browser gets.

Law: only what cannot run there, or what Python never reads there. Importing such a module says that
there is none; whatever imports it only where it can be used goes on as before.
"""

from __future__ import annotations

#: A screen, a terminal, other processes, sockets that listen, and other operating systems.
_CANNOT_RUN = (
    "ensurepip/",
    "idlelib/",
    "lib2to3/",
    "tkinter/",
    "turtle.py",
    "turtledemo/",
    "zipapp.py",
    "asyncio/__main__.py",
    "asyncio/proactor_events.py",
    "asyncio/tools.py",
    "asyncio/windows_events.py",
    "asyncio/windows_utils.py",
    "concurrent/futures/interpreter.py",
    "concurrent/futures/process.py",
    "concurrent/interpreters/",
    "ctypes/_aix.py",
    "ctypes/macholib/",
    "ctypes/wintypes.py",
    "ftplib.py",
    "http/server.py",
    "imaplib.py",
    "multiprocessing/forkserver.py",
    "multiprocessing/heap.py",
    "multiprocessing/managers.py",
    "multiprocessing/popen_",
    "multiprocessing/resource_sharer.py",
    "multiprocessing/resource_tracker.py",
    "multiprocessing/shared_memory.py",
    "multiprocessing/sharedctypes.py",
    "nturl2path.py",
    "poplib.py",
    "pty.py",
    "smtplib.py",
    "tty.py",
    "wsgiref/simple_server.py",
    "xmlrpc/server.py",
)

#: Python has them in its binary.
_FROZEN = (
    "__hello__.py",
    "__phello__/",
    "_collections_abc.py",
    "_sitebuiltins.py",
    "abc.py",
    "codecs.py",
    "genericpath.py",
    "importlib/_bootstrap.py",
    "importlib/_bootstrap_external.py",
    "importlib/machinery.py",
    "importlib/util.py",
    "io.py",
    "ntpath.py",
    "os.py",
    "posixpath.py",
    "runpy.py",
    "site.py",
    "stat.py",
    "zipimport.py",
)

#: Python takes the same in C.
_IN_C = ("_py_abc.py", "_pydatetime.py", "_pydecimal.py", "_pyio.py")

#: Of the terminal's own console, what ``pdb`` and ``help()`` import.
_OF_CONSOLE = ("__init__", "pager", "trace", "types", "utils")
_CONSOLE = "_pyrepl/"

_OF_LIBRARIES = (
    "anyio/_backends/_trio.py",
    "click/_winconsole.py",
    "dateutil/tz/win.py",
    "idna/cli.py",
    # A command line of its own; what it needs besides is in no archive either.
    "sqlite_utils/cli.py",
    # It asks for httpx, which has no use here.
    "starlette/testclient.py",
)


def is_left_out_of_stdlib(name: str) -> bool:
    """Whether the file *name* of the standard library is for no browser."""
    if name.startswith(_CONSOLE):
        return name.removeprefix(_CONSOLE).removesuffix(".py") not in _OF_CONSOLE
    return name.startswith((*_CANNOT_RUN, *_FROZEN, *_IN_C))


def is_left_out_of_libraries(name: str) -> bool:
    """Whether the file *name* of a library's wheel is for no browser."""
    return name in _OF_LIBRARIES
