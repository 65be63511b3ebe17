"""Referrals: who in this city can help with this need, and how to reach them; it knows nothing of who asked."""
