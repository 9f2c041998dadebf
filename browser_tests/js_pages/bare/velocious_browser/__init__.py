"""A stand-in for the application's side: it runs the code that a test sends."""
