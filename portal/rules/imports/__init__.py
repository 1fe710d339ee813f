"""Lists of clients brought in from files: guessed, looked through, and written, all rows or none."""
