"""Benchmarks as tables of ratios: one run, one machine, one stand-in of Telegram for all. `python -m tests.bench`."""
