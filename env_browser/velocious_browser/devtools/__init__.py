"""What the developer tools of a page ask Python.

Law: imported only when somebody asks; values enter SQL as parameters, names through
``Dialect.quote``; a change of a row goes by its primary key and is one transaction.
"""
