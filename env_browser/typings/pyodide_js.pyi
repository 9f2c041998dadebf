# Pyodide's own JavaScript module, as Python sees it.

version: str
loadedPackages: object
