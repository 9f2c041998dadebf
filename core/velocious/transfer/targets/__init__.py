"""What each kind of database needs beside the rows themselves, one file each, the same names."""
