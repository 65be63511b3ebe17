"""Danger first, by rule: words in five languages that lead to the safe path before any model is asked."""

from nlu.danger.rules import DangerRules, danger_rules

__all__ = ["DangerRules", "danger_rules"]
