"""The engine inside the process: word and letter n-grams, one linear model, numpy at answering time."""
