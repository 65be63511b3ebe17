"""A deliberately naive build: what demand would be without the rules, so that each attack proves that it bites."""
