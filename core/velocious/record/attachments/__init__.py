"""Files that belong to records: ``avatar = has_one_attachment()``.

Law: bytes are streamed and stored under a fresh key before the row that names them is written; the
row is written with the record, and replaced files go only after that was committed. A crash leaves
at worst a file that no row names, which a sweep removes.
"""
