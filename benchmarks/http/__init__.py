"""What a request costs a server, beside other frameworks doing the same."""
