"""The description of the tables (`gazetteer.store.schema`), loaded when first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gazetteer.store import schema
else:
    from gazetteer.common.lazy import Lazy

    schema = Lazy("gazetteer.store.schema")

SEARCH_INDEX = (
    "CREATE VIRTUAL TABLE name_bigram USING fts5"
    "(b, content='', columnsize=0, detail=none, tokenize='unicode61')"
)
LONGEST_NAME = 200
"""Characters; a name that is longer is refused."""

__all__ = ["LONGEST_NAME", "SEARCH_INDEX", "schema"]
