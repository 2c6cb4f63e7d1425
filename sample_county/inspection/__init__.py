"""What both sides of a joint inspection saw, photographed and walked, and how they told it.

Forms are filled in later, when the toolkit has handed them out: by their column names alone, as a
side in the field does.
"""

from sample_county.inspection.forms import fill as fill
from sample_county.inspection.make import write as write
