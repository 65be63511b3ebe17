"""What a message says besides its need: a place, who asks, for when."""

from nlu.entities.extraction import EntityRules, entity_rules

__all__ = ["EntityRules", "entity_rules"]
