"""The commands that every resource has, one file for each kind.

Law: a command is given what a client sent and gives what it is told; what goes wrong is raised.
"""
