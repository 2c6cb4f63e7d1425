"""An invented county from a seed: raw files, and the truth about every defect planted in them.

The recipe knows nothing of the checkers that its files are made for and imports none of them.
"""

from cli.demo.recipe.make import make as make
from cli.demo.recipe.truth import Truth as Truth
