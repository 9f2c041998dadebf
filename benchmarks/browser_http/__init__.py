"""A page in the browser beside the same page over HTTP."""
