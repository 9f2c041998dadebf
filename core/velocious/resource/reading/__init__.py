"""From what a client sends to a query of records.

Law: the names of clients are translated here, and judged by the gate.
"""
