"""What both sides of a joint inspection saw, photographed and walked, and how they told it.

Forms are filled in later, when the toolkit has handed them out: by their column names alone, as a
side in the field does.
"""

from cli.demo.recipe.inspection.forms import fill as fill
from cli.demo.recipe.inspection.make import write as write
