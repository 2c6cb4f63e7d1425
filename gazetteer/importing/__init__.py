"""From frames read out of an office's files to things in the county file; nothing gets lost."""

from gazetteer.importing.landing import Imported, bring_in, bring_in_all
from gazetteer.importing.questions import Decided

__all__ = ["Decided", "Imported", "bring_in", "bring_in_all"]
