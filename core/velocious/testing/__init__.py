"""What tests of applications, and our own, are written with."""
