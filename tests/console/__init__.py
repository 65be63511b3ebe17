"""Tests of the console: real HTTP, real SQLite, a real browser."""
