"""The county file (store): the only place with SQL."""

from gazetteer.store.county import Change, County, create, default_actor
from gazetteer.store.events import Verification

__all__ = ["Change", "County", "Verification", "create", "default_actor"]
