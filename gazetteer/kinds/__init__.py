"""Kinds of records: what each is called, its layer, table, key and fields, what is done with it."""

from __future__ import annotations

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence
from gazetteer.kinds.model import Field as Field
from gazetteer.kinds.model import Kind as Kind
from gazetteer.kinds.table import ROWS

PLACE_FIELDS = ("lon", "lat", "wkt")
"""Fields that become the geometry and are no columns of the result."""

KINDS = {kind.name: kind for kind in ROWS}
LAYERS = {kind.name: kind for kind in ROWS if kind.table}
FILES = {kind.name: kind for kind in ROWS if kind.fields}


def name_of(word: str) -> str:
    """Return the name of a kind as people write it, with hyphens or underscores.

    Examples
    --------
    >>> name_of("reference-objects"), name_of("tri_points")
    ('reference_objects', 'tri_points')
    """
    return word.replace("-", "_")


def kind_of(word: str) -> Kind:
    """Return a kind of file by its word.

    Raises
    ------
    InputError
        No file is of such a kind.

    Examples
    --------
    >>> kind_of("roads").shape
    'line'
    >>> kind_of("sign-list").name
    'sign_list'
    >>> kind_of("rivers")
    Traceback (most recent call last):
    gazetteer.common.errors.InputError: no table kind 'rivers'. Choose one of divisions, names, ...
    """
    found = FILES.get(name_of(word))
    if found is None:
        known = tuple(kind.word for kind in FILES.values())
        raise InputError(
            Sentence("no table kind {word!r}", word=word),
            remedy=Sentence("Choose one of {known}.", known=known),
        )
    return found
