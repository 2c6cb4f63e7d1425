"""The description of the tables (`gazetteer.store.schema`), loaded when first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gazetteer.store import schema
else:
    from gazetteer.common.lazy import Lazy

    schema = Lazy("gazetteer.store.schema")

__all__ = ["schema"]
