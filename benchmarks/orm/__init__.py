"""Records against raw sqlite3 and the ORMs people use, same work, interleaved, in one run."""
