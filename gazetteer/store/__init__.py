"""The county file (store): the only place with SQL."""

from gazetteer.store.actors import default_actor
from gazetteer.store.change import Change
from gazetteer.store.county import County
from gazetteer.store.findings import keep as keep_findings
from gazetteer.store.findings import open_findings
from gazetteer.store.founding import create
from gazetteer.store.styles import LayerStyle
from gazetteer.store.verifying import Verification

__all__ = [
    "Change",
    "County",
    "LayerStyle",
    "Verification",
    "create",
    "default_actor",
    "keep_findings",
    "open_findings",
]
