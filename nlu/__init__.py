"""Understanding: what a person meant, in which language, and whether danger speaks; it never keeps a text."""
