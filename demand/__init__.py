"""Demand: what people needed and did not get, in numbers that cannot point at a person."""
