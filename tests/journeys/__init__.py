"""People's stories, told to the whole bot over real HTTP."""
