"""What a message says besides its need: a place, who asks, for when."""

from nlu.entities.extraction import EntityReader, EntityRules, InstalledEntities, entity_rules, rules_of
from nlu.entities.places import shipped_words

__all__ = ["EntityReader", "EntityRules", "InstalledEntities", "entity_rules", "rules_of", "shipped_words"]
