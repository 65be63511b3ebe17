"""The pages of the console, one module for each kind of work. A page decides nothing about access."""
