"""What the faces say of themselves: parameters, results, errors, CRS; numpydoc judges the form.

What is still open stands in ``prose_open.txt``, a line a gap. The list only shrinks: a gap that is
not on it fails, and so does a line whose gap is closed (``RENEW=1`` takes such lines away).
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import os
import re
import textwrap
import types
from collections.abc import Iterator
from typing import Any

import pytest
from shapely.geometry.base import BaseGeometry

from tests.conftest import ROOT
from tests.test_faces import FACES

pytestmark = [
    pytest.mark.checkout,
    pytest.mark.skipif(importlib.util.find_spec("numpydoc") is None, reason="numpydoc is missing"),
]
OPEN = ROOT / "tests" / "prose_open.txt"
# fmt: off
CODES = frozenset({
    "GL01", "GL02", "GL03", "GL06", "GL07", "GL08", "GL10", "SS03", "PR01", "PR02", "PR03", "PR05",
    "PR07", "PR08", "PR09", "RT01", "RT03", "RT04", "RT05", "YD01",
})
# fmt: on
SHAPED = re.compile(r"\b(Geo(DataFrame|Series)|BaseGeometry|(Multi)?(Polygon|LineString|Point))\b")
PLACED = re.compile(r"\b(CRS|EPSG|CGCS2000)\b")


def of_ours(thing: Any) -> bool:
    return (getattr(thing, "__module__", None) or "").split(".")[0] in FACES


def members(module: types.ModuleType) -> Iterator[Any]:
    """Yield what a module of a face offers: its ``__all__``, else what it defines itself."""
    names = getattr(module, "__all__", None)
    if names is not None:
        yield from (getattr(module, name) for name in names)
        return
    for name, thing in vars(module).items():
        if not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__:
            yield thing


def offered(things: Iterator[Any]) -> Iterator[tuple[str, Any]]:
    """Yield functions and classes under their full names, and the methods of the classes."""
    for thing in things:
        if isinstance(thing, types.ModuleType):
            if thing.__name__.split(".")[0] in FACES:
                yield from offered(members(thing))
        elif of_ours(thing) and hasattr(thing, "__qualname__"):
            name = f"{thing.__module__}.{thing.__qualname__}"
            yield name, thing
            if inspect.isclass(thing):
                yield from ((f"{name}.{each}", made) for each, made in methods(thing))


def methods(kind: type) -> Iterator[tuple[str, Any]]:
    for name, thing in vars(kind).items():
        made = thing.fget if isinstance(thing, property) else getattr(thing, "__func__", thing)
        if not name.startswith("_") and inspect.isfunction(made) and of_ours(made):
            yield name, made


PUBLIC: dict[str, Any] = dict(
    each for face in FACES for each in offered(members(importlib.import_module(face)))
)


def without_own_init(thing: Any) -> bool:
    """Tell whether a class takes what its parent takes, or (a protocol) nothing at all."""
    if not inspect.isclass(thing):
        return False
    return getattr(thing, "_is_protocol", False) or "__init__" not in vars(thing)


def form(name: str, thing: Any) -> set[str]:
    """Return the codes of numpydoc that a docstring breaks."""
    told = importlib.import_module("numpydoc.validate").validate(name)["errors"]
    broken = {code for code, _ in told} & CODES
    return broken - {"PR01"} if without_own_init(thing) else broken


def raised(source: str) -> set[str]:
    """Return the errors that a function raises itself.

    Examples
    --------
    >>> sorted(raised("def f(e):\\n    if e: raise e\\n    raise KeyError('x') from e"))
    ['KeyError']
    """
    found = set()
    for node in ast.walk(ast.parse(textwrap.dedent(source))):
        if isinstance(node, ast.Raise) and node.exc is not None:
            made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            named = ast.unparse(made).split(".")[-1]
            found |= {named} if named[:1].isupper() else set()
    return found


def own(thing: Any, doc: str) -> set[str]:
    """Return what a docstring of ours lacks beyond its form: errors, the CRS of geometries."""
    if not inspect.isfunction(thing):
        return set()
    parsed = importlib.import_module("numpydoc.docscrape").NumpyDocString(doc)
    told = {each.type.split(".")[-1] for each in parsed["Raises"]}
    lacking = {f"RAISES:{error}" for error in raised(inspect.getsource(thing)) - told}
    annotated = " ".join(map(str, thing.__annotations__.values()))
    if SHAPED.search(annotated) and not PLACED.search(doc):
        lacking.add("CRS")
    return lacking


def gaps() -> set[str]:
    return {
        f"{name} {code}"
        for name, thing in PUBLIC.items()
        for code in form(name, thing) | own(thing, inspect.getdoc(thing) or "")
    }


def test_public_docstrings_are_whole_but_for_the_list_that_shrinks() -> None:
    listed, found = set(OPEN.read_text(encoding="utf-8").splitlines()), gaps()
    if os.environ.get("RENEW") == "1":
        listed &= found
        OPEN.write_text("".join(f"{each}\n" for each in sorted(listed)), encoding="utf-8")
    assert sorted(found - listed) == [], "say it in the docstring"
    assert sorted(listed - found) == [], "closed: take it off the list"


def test_the_list_of_public_names_is_not_empty() -> None:
    assert {"gazetteer.store.county.County.layer", "boundaries.numbering.tri_point_code"} <= {
        *PUBLIC
    }


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(): raise InputError('x')", {"InputError"}),
        ("def f(): raise errors.InputError('x')", {"InputError"}),
        ("def f(error): raise error", set()),
        ("def f():\n    try: pass\n    except KeyError: raise", set()),
    ],
)
def test_errors_are_read_from_the_source(source: str, found: set[str]) -> None:
    assert raised(source) == found


def test_a_geometry_without_crs_is_found() -> None:
    def bare(line: BaseGeometry) -> float:
        return float(line.length)

    assert own(bare, "Return its length.") == {"CRS"}
    assert own(bare, "Return its length in the unit of its CRS.") == set()
