"""Each row of the table of kinds is complete, and no other module tells what it tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from boundaries.markers.series import TYPES
from cli.main import main
from gazetteer.common import tables
from gazetteer.common.value_words import value_titles
from gazetteer.importing.preparing import PREPARERS
from gazetteer.kinds import FILES, KINDS, LAYERS, Kind, kind_of, name_of
from gazetteer.office.county import edited, exporting
from gazetteer.store import County, create, schema
from gazetteer.store.rows import KEYS
from gazetteer.store.schema.boundaries import LEGAL_STATUSES
from tests.test_house import MODULES

EVERY = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kinds") / "楚溪县.gpkg"
    create(path, division_code="429921", name="楚溪县")
    return path


PICKED = 9
"""A map or a check picks layers, at most so many; a list with more is the table again."""
BINDINGS = {"gazetteer.importing.standing"}
"""Modules that say by kind which of their functions serves it."""


def told_twice(tree: ast.Module) -> Iterator[list[str]]:
    """Yield what names kinds alone: dictionaries that describe some, lists of nearly all."""
    for node in ast.walk(tree):
        parts = getattr(node, "elts", None) or getattr(node, "keys", None) or []
        said = [each.value for each in parts if isinstance(each, ast.Constant)]
        kinds = [each for each in said if isinstance(each, str) and name_of(each) in KINDS]
        if len(kinds) == len(parts) > (4 if isinstance(node, ast.Dict) else PICKED):
            yield kinds


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_no_other_module_repeats_the_list(name: str, tree: ast.Module) -> None:
    assert name in BINDINGS or [*told_twice(tree)] == []


@EVERY
def test_a_kind_is_read_kept_or_both(kind: Kind) -> None:
    assert kind.table or kind.fields
    assert kind.title.zh and kind.title.en
    assert kind.name.isidentifier() and KINDS[name_of(kind.word)] is kind


@EVERY
def test_a_layer_has_its_table_with_the_columns_told(kind: Kind, county: Path) -> None:
    if not kind.table:
        assert not (kind.key or kind.inward or kind.stands_for or kind.form)
        return
    columns = set(schema.metadata.tables[kind.table].c.keys())
    assert {*kind.key} <= columns
    assert KEYS.get(kind.table, ()) == kind.key
    with County(county) as opened:
        assert {*kind.inward} <= {*exporting.outgoing(opened, kind.name).columns}


@EVERY
def test_what_is_read_has_headers_and_fields_to_tell_rows_by(kind: Kind) -> None:
    headers = {name_of(row["kind"]): set() for row in tables.rows("header_synonyms.csv")}
    for row in tables.rows("header_synonyms.csv"):
        headers[name_of(row["kind"])].add(row["field"])
    assert {*kind.names} <= headers.get(kind.name, set()) | headers["*"]
    assert {*kind.unique, *kind.one_of} <= {*kind.names}
    assert kind.fields or not (kind.unique or kind.one_of or kind.shape != "none")


def test_headers_are_told_of_kinds_that_are_read() -> None:
    assert {row["kind"] for row in tables.rows("header_synonyms.csv")} - {"*"} <= {*FILES}


@EVERY
def test_what_is_imported_has_a_preparer_a_layer_with_a_key_and_a_command(kind: Kind) -> None:
    assert (kind.name in PREPARERS) == (kind.imports is not None)
    if kind.imports is None:
        return
    assert kind.fields and LAYERS[kind.layer].key
    for typed in {kind.name, kind.word}:
        told = CliRunner().invoke(main, ["import", typed, "--help"]).output
        assert kind.imports.what.split(":")[0] in " ".join(told.split())
        assert kind_of(typed) is kind


@EVERY
def test_an_id_that_leaves_stands_for_a_field_that_comes_in_again(kind: Kind) -> None:
    if kind.stands_for is None:
        return
    held, told, of, field = kind.stands_for
    assert held in schema.metadata.tables[kind.table].c
    assert told in kind.names
    assert field in schema.metadata.tables[LAYERS[of].table].c


@pytest.mark.parametrize("kind", LAYERS.values(), ids=list(LAYERS))
@pytest.mark.parametrize("typed", ["name", "word"])
def test_a_layer_that_is_released_leaves_by_either_spelling(
    kind: Kind, typed: str, county: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    done = CliRunner().invoke(main, ["export", str(county), getattr(kind, typed), str(out)])
    assert done.exit_code == (0 if out.exists() else 2), done.output
    assert out.exists() or "may not leave" in done.output


@pytest.mark.parametrize("kind", LAYERS.values(), ids=list(LAYERS))
def test_a_layer_is_a_form_where_it_says_so(kind: Kind, county: Path, tmp_path: Path) -> None:
    out = tmp_path / "表单.xlsx"
    form = CliRunner().invoke(main, ["export", str(county), kind.word, str(out), "--form"])
    assert (form.exit_code, out.exists()) == ((0, True) if kind.form else (2, False))
    if kind.form:
        with County(county, writing=True) as opened:
            assert edited.bring_back(opened, out).read == 0


def test_maps_call_layers_as_the_table_does() -> None:
    rows = {row["layer"]: row["zh"] for row in tables.rows("map_layers.csv")}
    assert {name: LAYERS[name].title.zh for name in rows.keys() & LAYERS.keys()} == {
        name: rows[name] for name in rows.keys() & LAYERS.keys()
    }


def test_legal_statuses_and_marker_types_are_called_as_the_table_of_words_has_them() -> None:
    words = value_titles()
    assert tuple(words["legal_status"]) == LEGAL_STATUSES
    assert {kind: each.zh.removesuffix("桩") for kind, each in TYPES.items()} == {
        kind: each.zh for kind, each in words["marker_type"].items()
    }


def test_no_other_module_tells_the_words_of_legal_statuses() -> None:
    """A sentence may speak of them; a dictionary or list of them is the table again."""
    for name, tree in MODULES:
        for node in ast.walk(tree):
            own = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
            if isinstance(node, ast.Dict | ast.Tuple | ast.List | ast.Set):
                assert not {"法定界线", "管辖线"} <= own, name
