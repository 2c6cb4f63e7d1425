"""One way out: nothing but the one writer writes files, but for those named with a word why."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from tests.test_house import FLOORS, MODULES

WRITER = "gazetteer.release.writing"
EXEMPT = {
    # what leaves with its manifest all the same
    "cli.disputes:_leave save": "sheet and map: their `save` goes through `leave`",
    "cli.inspection_desk:network save": "a map: its `save` goes through `leave`",
    "cli.mapping:map_ save": "a map: its `save` goes through `leave`",
    "cli.mapping:print_ save": "a sheet: its `save` goes through `leave`",
    "cli.naming:_map save": "a map: its `save` goes through `leave`",
    # makers that the writer calls: they write to the draft that it hands them
    "boundaries.inspection.field.bundle:_package write_dataframe": "to the draft of `leave_all`",
    "gazetteer.exchange.formats.geonames:tsv open": "a format, to the draft of `leave`",
    "gazetteer.exchange.formats.layers:_put write_dataframe": "a format, to the draft of `leave`",
    "gazetteer.exchange.formats.layers:shapefile write_text": "a format, to the draft of `leave`",
    "gazetteer.exchange.formats.notices:beside write_text": "a format, to the draft of `leave`",
    "gazetteer.exchange.formats.spreadsheets:csv open": "a format, to the draft of `leave`",
    "gazetteer.exchange.formats.spreadsheets:excel save": "a format, to the draft of `leave`",
    "gazetteer.exchange.forms:write save": "a form, to the draft of `leave`",
    "maps.surveys:_fill write_dataframe": "to the draft of `leave_all`",
    # bytes in memory, or in a temporary folder that is gone after them
    "boundaries.forms.excel:write save": "bytes in memory",
    "boundaries.inspection.office.reporting:_steady ZipFile": "bytes in memory",
    "boundaries.inspection.papers.pictures:small save": "bytes in memory",
    "gazetteer.documents.build_templates:built save": "bytes in memory",
    "gazetteer.documents.fill:filled save": "bytes in memory",
    "gazetteer.documents.pdf:_typeset write_bytes": "what typst reads, in a temporary folder",
    "gazetteer.documents.word:_with save": "bytes in memory",
    "maps.print.booklet:_photo save": "what typst reads, in a temporary folder",
    "maps.qgis.packed:plugin ZipFile": "bytes in memory",
    "maps.qgis.projects:zipped ZipFile": "bytes in memory",
    # what comes in: copies for reading, in a temporary folder
    "boundaries.inspection.field.files:_opened mkdir": "what was packed",
    "gazetteer.common.plain_names:reading symlink_to": "a source under a plain name",
    "gazetteer.common.plain_names:writing shutil.move": "the name asked for, within the draft",
    "gazetteer.exchange.sources.layers:_as_utf_8 write_text": "a source made readable",
    "gazetteer.exchange.sources.layers:_opened shutil.copy": "a source made readable",
    "gazetteer.exchange.sources.mapinfo:plain shutil.copyfile": "a source made readable",
    "gazetteer.exchange.sources.mapinfo:plain write_bytes": "a source made readable",
    "gazetteer.exchange.sources.shapefile:_count_anew write_bytes": "a source made readable",
    "gazetteer.exchange.sources.shapefile:sound shutil.copyfile": "a source made readable",
    "gazetteer.exchange.sources.shapefile:sound write_bytes": "a source made readable",
    "gazetteer.exchange.sources.unpack:_unzip mkdir": "what was packed",
    "gazetteer.exchange.sources.unpack:_unzip open": "what was packed",
    "gazetteer.exchange.sources.unpack:unpacked open": "what was packed",
    # where what is written goes: to its folder, or in a rehearsal to one that is gone after it
    "gazetteer.common.rehearsal:make_folder mkdir": "folders of what the others write",
    "gazetteer.common.rehearsal:within mkdir": "the room of a rehearsal",
    # what stays in the office
    "cli.sign_files:new_key fdopen": "the office key: never over another, for nobody else to read",
    "gazetteer.exchange.writing:write_rejects release.whole": "rejected rows, to who sent them",
    "gazetteer.names.rules.lists:_replace release.put": "the office's own table of names",
    "gazetteer.store.creation:_write_sample_layer write_dataframe": "the county file itself",
    "gazetteer.store.whereabouts:copied shutil.copyfile": "the county file, its backups",
    "gazetteer.release.archiving:_fill mkdir": "folders seen whole, with their event",
    "gazetteer.release.archiving:_fill shutil.copyfile": "folders seen whole, with their event",
    "gazetteer.release.archiving:_fill write_bytes": "folders seen whole, with their event",
    "cli.backups:_schedule release.put": "what the system's scheduler reads",
    # empty forms that we ship: nothing of the county is in them
    "cli.mapping:qgis release.put": "the plugin for QGIS: nothing of the county is in it",
    "cli.rules:template release.put": "an empty list",
    "cli.sign_printing:certificate release.put": "the empty template (--blank)",
    "cli.templates:export release.put": "the empty templates of the package",
    "gazetteer.documents.build_templates:main write_bytes": "the empty templates of the package",
    # the tour writes what a person would do by hand in a sample county
    "cli.demo.by_hand:_copied shutil.copyfile": "the sample county",
    "cli.demo.by_hand:_edited_elsewhere write_dataframe": "the sample county",
    "cli.demo.by_hand:_noted release.put": "the sample county's receipt",
    "cli.demo.by_hand:filled.do save": "the sample county",
    "cli.demo.tour:_forget release.put": "how far the tour has come",
    "cli.demo.tour:_noted release.put": "how far the tour has come",
}
"""The function and what it calls -> why that writes without the writer."""

WRITES = {
    "write_text", "write_bytes", "write_dataframe", "to_file", "to_excel", "to_csv", "to_parquet",
    "to_feather", "to_pickle", "copyfile", "copy2", "copytree", "savefig", "save",
    "mkdir", "makedirs", "touch", "symlink_to", "hardlink_to", "symlink",
}  # fmt: skip
"""What writes a file or makes a folder, whatever it is called on."""
OPENERS = {"open", "fdopen", "ZipFile", "TarFile", "GzipFile"}
"""What writes where its mode says so."""
WRITERS = ("put", "whole")
"""What of the writer writes without a release, and so without a manifest."""
MODES = set("wax+")
OURS = ("gazetteer.release", "gazetteer.release.writing")


@dataclass(frozen=True)
class Call:
    """A call that writes: in which function, what it calls, at which line."""

    function: str
    called: str
    line: int


def written(tree: ast.Module) -> Iterator[Call]:
    """Yield the calls of a module that write a file, with the function that each stands in."""
    named = dict(_named(tree))
    yield from _within(tree, (), named)


def _within(node: ast.AST, path: tuple[str, ...], named: Mapping[str, str]) -> Iterator[Call]:
    inside = (*path, node.name) if isinstance(node, SCOPES) else path
    if isinstance(node, ast.Call) and (called := writes(node, named)):
        yield Call(".".join(inside) or "<module>", called, node.lineno)
    for each in ast.iter_child_nodes(node):
        yield from _within(each, inside, named)


SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _named(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield what is imported: the name that a module gives it, and what it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield each.asname or each.name, f"{node.module}.{each.name}"
        elif isinstance(node, ast.Import):
            for each in node.names:
                yield each.asname or each.name, each.name


def writes(call: ast.Call, named: Mapping[str, str]) -> str:
    """Return what a call calls where that writes a file, else nothing."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    whole = f"{named.get(owner, owner)}.{name}" if owner else named.get(name, name)
    if whole in {f"{ours}.{each}" for ours in OURS for each in WRITERS}:
        return f"release.{whole.rpartition('.')[2]}"
    if whole.startswith("shutil.") and name in ("copy", "move", *WRITES):
        return whole
    if name in WRITES or (name.startswith("write_") and _foreign(owner, named)):
        return name
    if name in OPENERS:
        told = [*call.args, *(each.value for each in call.keywords if each.arg == "mode")]
        modes = [each.value for each in told if isinstance(each, ast.Constant)]
        if any(isinstance(each, str) and len(each) < 4 and MODES & {*each} for each in modes):
            return name
    return ""


def _foreign(owner: str, named: Mapping[str, str]) -> bool:
    """Tell whether something is called on a library's module."""
    room = named.get(owner.partition(".")[0], "").partition(".")[0]
    return bool(room) and room not in FLOORS


FOUND = {
    f"{name}:{each.function} {each.called}": each.line
    for name, tree in MODULES
    if name != WRITER
    for each in written(tree)
}


@pytest.mark.parametrize("call", sorted(FOUND))
def test_only_the_writer_writes_files(call: str) -> None:
    assert call in EXEMPT, f"line {FOUND[call]}: let it leave by gazetteer.release.leave"


def test_no_exemption_is_left_over() -> None:
    assert sorted(EXEMPT.keys() - FOUND.keys()) == []


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
        ("made.save(path)", True),
        ("of(county).save(path)", True),
        ("from gazetteer import release as gates; gates.put(path, b'')", True),
        ("from gazetteer.release import whole as w; w(path, make)", True),
        ("release.leave(path, b'', released=released)", False),
        ("reading.put(0, own)", False),
        ("zipfile.ZipFile(path, 'w')", True),
        ("zipfile.ZipFile(path)", False),
        ("import pyogrio; pyogrio.write_arrow(table, path)", True),
        ("from boundaries.forms import office; office.write_cards(cards)", False),
    ],
)
def test_what_counts_as_writing(line: str, wrong: bool) -> None:
    assert any(written(ast.parse(line))) is wrong


def test_a_call_is_told_by_the_function_that_it_stands_in() -> None:
    told = "class A:\n def save(self):\n  def own(draft): draft.write_bytes(b'')\n  return own"
    assert [each.function for each in written(ast.parse(told))] == ["A.save.own"]
