"""Naming rules: one rule, one function, one clause; the table is `RULES`.

Import from here: `check` for one name, `audit` for all names of a `Register`, `catalogue`
for the table as rows, `Candidate`, `Settings` and `NameLookup` for the values they take.
"""

from gazetteer.names.rules.audit import audit as audit
from gazetteer.names.rules.audit import left_out as left_out
from gazetteer.names.rules.coverage import unchecked as unchecked
from gazetteer.names.rules.model import Candidate as Candidate
from gazetteer.names.rules.model import NameLookup as NameLookup
from gazetteer.names.rules.model import Neighbour as Neighbour
from gazetteer.names.rules.model import Scope as Scope
from gazetteer.names.rules.model import Settings as Settings
from gazetteer.names.rules.model import Unchecked as Unchecked
from gazetteer.names.rules.register import Register as Register
from gazetteer.names.rules.scopes import classify as classify
from gazetteer.names.rules.scopes import scope_of as scope_of
from gazetteer.names.rules.table import RULES as RULES
from gazetteer.names.rules.table import Rule as Rule
from gazetteer.names.rules.table import catalogue as catalogue
from gazetteer.names.rules.table import check as check
from gazetteer.names.rules.table import only as only
from gazetteer.names.rules.terms import split as split
from gazetteer.names.rules.writing import require as require
