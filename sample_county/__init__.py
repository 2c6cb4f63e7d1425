"""An invented county from a seed: raw files, and the truth about every defect planted in them.

The recipe knows nothing of the checkers that its files are made for and imports none of them.
"""

from sample_county.make import make as make
from sample_county.truth import Truth as Truth
