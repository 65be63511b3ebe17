"""Backups are proved with hashes of rows that the code under test does not compute."""
