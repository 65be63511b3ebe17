"""Content: the taxonomy, places, languages, facts and answers, with their sources and their age; it imports no other room."""
