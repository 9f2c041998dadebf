"""Many tabs of one application on one database.

Law: one tab, the owner, has the files open and runs all SQL; every tab runs its own Python. What a
tab was told is stored is stored, whatever happens to the owner: no write is lost or done twice.
"""
