# What we use of the worker's global scope.

from velocious_browser.interop import JsHost, JsPage

class _Console:
    def debug(self, text: str, /) -> None: ...
    def info(self, text: str, /) -> None: ...
    def warn(self, text: str, /) -> None: ...
    def error(self, text: str, /) -> None: ...

console: _Console
velociousBoot: str
velociousHost: JsHost
velociousPage: JsPage | None
