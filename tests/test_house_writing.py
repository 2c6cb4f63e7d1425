"""One way out: nothing but the one writer writes files, but for those named with a word why."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.test_house import MODULES

WRITER = "gazetteer.release.writing"
EXEMPT = {
    # makers that the writer calls: they write to the draft that it hands them
    "gazetteer.exchange.formats.geonames": "a format, to the draft of the writer",
    "gazetteer.exchange.formats.layers": "a format, to the draft of the writer",
    "gazetteer.exchange.formats.notices": "a format, to the draft of the writer",
    "gazetteer.exchange.formats.spreadsheets": "a format, to the draft of the writer",
    "gazetteer.office.county.forms": "a workbook, to the draft of the writer",
    "boundaries.inspection.field.bundle": "a bundle, to the draft of the writer",
    "maps.surveys": "a GeoPackage, to the draft of the writer",
    # makers of bytes in memory or in a temporary folder that is gone after them
    "gazetteer.documents.build_templates": "bytes; its main writes the empty templates we ship",
    "gazetteer.documents.fill": "bytes in memory",
    "gazetteer.documents.pdf": "what typst reads, in a temporary folder",
    "gazetteer.documents.word": "bytes in memory",
    "boundaries.forms.excel": "bytes in memory",
    "boundaries.inspection.papers.pictures": "bytes in memory",
    "maps.print.booklet": "pictures that typst reads, in a temporary folder",
    # what comes in: copies for reading, in a temporary folder
    "gazetteer.common.plain_names": "the same file under a name that every library can open",
    "gazetteer.exchange.sources.layers": "a source made readable, in a temporary folder",
    "gazetteer.exchange.sources.mapinfo": "a source made readable, in a temporary folder",
    "gazetteer.exchange.sources.shapefile": "a source made readable, in a temporary folder",
    "gazetteer.exchange.sources.unpack": "what was packed, in a temporary folder",
    # what stays in the office
    "gazetteer.store.creation": "the county file itself",
    "gazetteer.store.whereabouts": "the county file itself",
    "cli.sign_files": "the office key: never over another, readable by nobody else",
    # the tour writes what a person would do by hand in a sample county
    "cli.demo.by_hand": "the sample county",
    "cli.demo.tour": "the sample county",
}
"""Module -> why it writes by itself."""

WRITES = {
    "write_text", "write_bytes", "write_dataframe", "to_file", "to_excel", "to_csv", "to_parquet",
    "to_feather", "copyfile", "copy2", "copytree",
}  # fmt: skip
MODES = set("wax+")


def written(tree: ast.Module) -> Iterator[str]:
    """Yield the calls of a module that write a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and writes(node):
            yield f"line {node.lineno}: {ast.unparse(node)[:60]}"


def writes(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if name in WRITES or (name in ("copy", "move") and owner == "shutil"):
        return True
    if name == "save":  # of openpyxl, python-docx, Pillow; our own are told by `SAVED`
        return owner not in SAVED and not owner.endswith(")")
    if name in ("open", "fdopen"):
        told = [*call.args, *(each.value for each in call.keywords if each.arg == "mode")]
        modes = [each.value for each in told if isinstance(each, ast.Constant)]
        return any(isinstance(each, str) and len(each) < 4 and MODES & {*each} for each in modes)
    return False


SAVED = ("made", "page", "drawn")
"""What sheets and atlases are called where their `save` is: it goes through the writer."""


@pytest.mark.parametrize(("name", "tree"), MODULES, ids=[name for name, _ in MODULES])
def test_only_the_writer_writes_files(name: str, tree: ast.Module) -> None:
    found = list(written(tree))
    if name != WRITER:
        assert not found or name in EXEMPT, f"{found}: write by gazetteer.release (put, leave)"


def test_no_exemption_is_left_over() -> None:
    writing = {name for name, tree in MODULES if any(written(tree))}
    assert not EXEMPT.keys() - writing


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("path.write_bytes(b'')", True),
        ("path.open('w')", True),
        ("open(path, mode='ab')", True),
        ("path.open()", False),
        ("open(path, 'rb')", False),
        ("book.save(path)", True),
        ("shutil.move(a, b)", True),
        ("frame.copy()", False),
        ("frame.to_csv(path)", True),
    ],
)
def test_what_counts_as_writing(line: str, wrong: bool) -> None:
    assert any(written(ast.parse(line))) is wrong
