"""Reports from released figures alone: every role and every format shows the same numbers."""
