"""MySQL and MariaDB: their schema, their errors, their kinds of statements. Connections belong to
environments.
"""
