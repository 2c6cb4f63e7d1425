"""From frames read out of an office's files to things in the county file; nothing gets lost."""

from gazetteer.intake.importing import KINDS, Imported, bring_in, bring_in_all

__all__ = ["KINDS", "Imported", "bring_in", "bring_in_all"]
