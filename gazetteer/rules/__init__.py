"""Naming rules: one rule, one function, one clause; the table is `RULES`.

Import from here: `check` for one name, `audit` for all names of a `Register`, `catalogue`
for the table as rows, `Candidate`, `Settings` and `NameLookup` for the values they take.
"""

from gazetteer.rules.audit import audit as audit
from gazetteer.rules.audit import left_out as left_out
from gazetteer.rules.coverage import unchecked as unchecked
from gazetteer.rules.model import Candidate as Candidate
from gazetteer.rules.model import NameLookup as NameLookup
from gazetteer.rules.model import Neighbour as Neighbour
from gazetteer.rules.model import Scope as Scope
from gazetteer.rules.model import Settings as Settings
from gazetteer.rules.model import Unchecked as Unchecked
from gazetteer.rules.register import Register as Register
from gazetteer.rules.scopes import classify as classify
from gazetteer.rules.scopes import scope_of as scope_of
from gazetteer.rules.table import RULES as RULES
from gazetteer.rules.table import Rule as Rule
from gazetteer.rules.table import catalogue as catalogue
from gazetteer.rules.table import check as check
from gazetteer.rules.table import only as only
from gazetteer.rules.terms import split as split
from gazetteer.rules.writing import require as require
