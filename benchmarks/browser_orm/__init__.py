"""The work of ``benchmarks.orm`` in the browser, and on the server in the same run."""
