"""The body of a request: JSON, forms and the files that come with them.

Law: every limit holds before the bytes beyond it are kept.
"""
