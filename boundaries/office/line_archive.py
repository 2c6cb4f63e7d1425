"""The legal archive of one line (行政区域界线管理条例 13): all that is on record, in one folder.

Every version of the line, its markers, reference objects and tri-points with who wrote what when;
its agreements; every round with what came in and, where it is sealed, its papers; every dispute
with its steps and evidence; the events of the log. A manifest of hashes lies beside, its own hash
stands in the log.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from boundaries.disputes import record
from boundaries.disputes import steps as disputing
from boundaries.disputes import storage as disputes
from boundaries.disputes.dispute import STATES as QUARREL
from boundaries.inspection.office import closing, copies, planning, storage
from boundaries.inspection.office.assembly import side_names
from boundaries.inspection.office.copies import Copy, Received
from boundaries.inspection.office.reporting import Papers
from boundaries.inspection.papers.wording import SEALED
from boundaries.inspection.round import handed_out as handed
from boundaries.inspection.round.rounds import STATES, Round
from boundaries.peace import recording as peace
from gazetteer import release
from gazetteer.common.errors import ConflictError, UnknownError
from gazetteer.common.language import Sentence, Text
from gazetteer.common.missing import nones
from gazetteer.common.value_words import value_titles
from gazetteer.documents import word
from gazetteer.store import County
from gazetteer.store.attachments import attached
from gazetteer.store.kept import files_beside
from gazetteer.store.tracing import history

COMMAND = "boundaries archive"
INDEX = "卷内目录.docx"


@dataclass(frozen=True, slots=True)
class Archived:
    """An archive written: its folder, files, the rounds and disputes in it, its manifest's hash.

    `finished` tells that an earlier run, which was killed, had written it and put it into the log.
    """

    line: str
    folder: Path
    files: tuple[str, ...]
    rounds: tuple[str, ...]
    disputes: tuple[str, ...]
    manifest: str
    finished: bool = False


@dataclass(frozen=True)
class _Line:
    """What is on record about a line: its versions, and those of what belongs to it."""

    code: str
    names: tuple[str, ...]
    versions: gpd.GeoDataFrame
    markers: gpd.GeoDataFrame
    reference_objects: gpd.GeoDataFrame
    tri_points: gpd.GeoDataFrame
    rounds: tuple[Round, ...]
    disputes: tuple[Any, ...]

    @property
    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """The layers by the name of their file."""
        return {
            "界线": self.versions,
            "界桩": self.markers,
            "方位物": self.reference_objects,
            "三交点": self.tri_points,
        }

    @property
    def folders(self) -> dict[str, str]:
        """The folder of each round by its number."""
        rooms = copies.places(each.number for each in self.rounds)
        return {number: f"联检/{room}" for number, room in rooms.items()}


def sealed_rounds(county: County, line: str) -> list[str]:
    """Return the numbers of the sealed rounds of a line: those that have papers.

    Raises
    ------
    UnknownError
        When there never was such a line.
    """
    return [each.number for each in _of_line(county, line).rounds if each.state in SEALED]


def _of_line(county: County, line: str) -> _Line:
    lines = gpd.GeoDataFrame(county.layer("lines", as_of="all"))
    rows = lines[(lines["code"] == line) | (lines["name"] == line)]
    ids = set(rows["id"])
    if len(ids) != 1:
        known = tuple(sorted(lines["code"].astype(str))[:5])
        count = len(ids) or Text("0", "no")
        msg = Sentence("{count} line {line!r}, now or earlier", count=count, line=line)
        raise UnknownError(msg, remedy=Sentence("Give its code: {known} ...", known=known))
    versions = lines[lines["id"].isin(ids)]
    markers = gpd.GeoDataFrame(county.layer("markers", as_of="all"))
    markers = markers[markers["line_id"].isin(ids)]
    objects = gpd.GeoDataFrame(county.layer("reference_objects", as_of="all"))
    code = str(versions["code"].iloc[-1])
    rounds = tuple(each for each in planning.of_county(county) if ids & set(each.lines))
    return _Line(
        code=code,
        names=tuple(dict.fromkeys(str(each) for each in versions["name"] if each)),
        versions=versions,
        markers=markers,
        reference_objects=objects[objects["marker_id"].isin(set(markers["id"]))],
        tri_points=_corners(county, versions),
        rounds=rounds,
        disputes=tuple(
            each
            for each in disputes.of_county(county)
            if each.line_id in ids or each.line in set(versions["code"])
        ),
    )


def _corners(county: County, versions: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the tri-points that bear the codes of both sides of the line."""
    points = gpd.GeoDataFrame(county.layer("tri_points", as_of="all"))
    pairs = [
        {left, right}
        for left, right in zip(versions["left_code"], versions["right_code"], strict=True)
    ]
    of_line = [
        any(pair <= set(str(codes).split("、")) for pair in pairs)
        for codes in points["division_codes"]
    ]
    return points[pd.Series(of_line, index=points.index, dtype=bool)]


# ------------------------------------------------------------------ written


def archive(
    county: County,
    line: str,
    folder: Path,
    *,
    papers: Mapping[str, Papers],
    despite: str | None = None,
) -> Archived:
    """Write the archive of a line to a new folder, through the release gate, as one event.

    Parameters
    ----------
    county
        County file open for writing.
    line
        Code or name, of today or earlier.
    folder
        Not there yet.
    papers
        Of the sealed rounds of the line, by number (see `sealed_rounds`).
    despite
        Reason to archive it although received files are gone; it stands in the log.

    Raises
    ------
    UnknownError, ConflictError, InputError, ReleaseError
        When there is no such line, the folder is there or cannot be written, a sealed round was
        altered, received files are gone, or something is classified above what may leave.
    """
    kept = _of_line(county, line)
    if folder in copies.finish(county, folder.parent):
        return _finished(kept, folder)
    if folder.exists():
        raise ConflictError(
            Sentence("{folder} is there already", folder=folder),
            remedy=Sentence("Name a new folder."),
        )
    steps = _histories(county, kept)
    released = release.gate({**_gated(kept, steps), **_of_papers(papers)})
    came = _received(county, kept)
    copies.require_whole(came, files_beside(county.path), despite=despite)
    files = {**_files(county, kept, steps, released), **_paper_files(kept, papers)}
    files[INDEX] = word.write(_index(kept, steps, [*files, *came.files]))
    files, digest = copies.described(
        files, came, released=released, line={"county": county.division_code, "number": kept.code}
    )
    detail = {"line": kept.code, "files": len(files) + len(came.files)}
    about = {"reason": despite, "source": str(folder), "source_hash": digest}
    with (
        release.leave_copies(folder.parent, files, came.places(), names=[folder.name]),
        county.change(COMMAND, **about, detail=detail),
    ):
        pass
    return _archived(kept, folder, [*files, *came.files], digest)


def _archived(kept: _Line, folder: Path, files: Iterable[str], digest: str, **how: Any) -> Archived:
    rounds = tuple(each.number for each in kept.rounds)
    disputes = tuple(each.number for each in kept.disputes)
    return Archived(kept.code, folder, tuple(sorted(files)), rounds, disputes, digest, **how)


def _finished(kept: _Line, folder: Path) -> Archived:
    """Return what a run that was killed had archived, now that it is in its place."""
    content = (folder / release.MANIFEST).read_bytes()
    files = [str(each["name"]) for each in json.loads(content)["files"]]
    files += [release.MANIFEST, copies.CHECKED]
    return _archived(kept, folder, files, release.sha256(content), finished=True)


def _histories(county: County, kept: _Line) -> dict[str, list[dict[str, Any]]]:
    """Return who wrote what when, of each layer, the rounds and the disputes."""
    things = {name: dict.fromkeys(frame["id"]) for name, frame in kept.layers.items()}
    histories = {name: _of_things(county, ids) for name, ids in things.items()}
    rounds = [storage.round_id(county, each.number) for each in kept.rounds]
    histories["联检"] = _of_things(county, rounds)
    histories["争议"] = _of_things(
        county, [disputes.identifier(county, each.number) for each in kept.disputes]
    )
    return histories


def _of_things(county: County, things: Iterable[str]) -> list[dict[str, Any]]:
    steps = [each for thing in things for each in history(county, str(thing))]
    return sorted(steps, key=lambda each: (each["event"], each["table"], each["id"]))


def _gated(kept: _Line, steps: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Return what the gate has to see: all versions, and what was ever written into them."""
    names = ("lines", "markers", "reference_objects", "tri_points")
    layers: dict[str, Any] = dict(zip(names, kept.layers.values(), strict=True))
    written = [
        {"id": each["id"], "attributes": value}
        for every in steps.values()
        for each in every
        for value in each["fields"].get("attributes", ())
        if value
    ]
    layers["history"] = pd.DataFrame(written, columns=["id", "attributes"])
    return layers


def _of_papers(papers: Mapping[str, Papers]) -> dict[str, Any]:
    return {
        f"{number} {name}": frame
        for number, made in papers.items()
        for name, frame in made.released.layers.items()
    }


def _received(county: County, kept: _Line) -> Received:
    """Return what came in all rounds, a folder a round."""
    files: dict[str, tuple[Path, str]] = {}
    lost: list[str] = []
    for each in kept.rounds:
        book = storage.read(county, storage.round_id(county, each.number))
        names = side_names(county, each.sides)
        under = f"{kept.folders[each.number]}/原始资料"
        came = copies.received(book.receipts, files_beside(county.path), names=names, under=under)
        files |= came.files
        lost += came.lost
    return Received(files, tuple(sorted(lost)))


def _files(
    county: County,
    kept: _Line,
    steps: Mapping[str, Sequence[Mapping[str, Any]]],
    released: release.Released,
) -> dict[str, bytes]:
    layers = dict(zip(kept.layers, list(released.layers.values())[: len(kept.layers)], strict=True))
    made = {
        f"{name}.json": copies.json_file({"versions": _rows(frame), "history": list(steps[name])})
        for name, frame in layers.items()
    }
    made["协议.json"] = copies.json_file(_agreements(county, kept))
    made["日志.json"] = copies.json_file(_events(county, kept, steps))
    for each in kept.rounds:
        place = f"{kept.folders[each.number]}/{closing.DATA}"
        made[place] = closing.as_json(planning.state_of(county, each.number))
    rooms = copies.places(each.number for each in kept.disputes)
    for each in kept.disputes:
        made[f"争议/{rooms[each.number]}.json"] = copies.json_file(_dispute(county, each))
    return made


def _paper_files(kept: _Line, papers: Mapping[str, Papers]) -> dict[str, bytes]:
    return {
        f"{kept.folders[number]}/{name}": content
        for number, made in papers.items()
        for name, content in made.files.items()
    }


def _rows(frame: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    plain = nones(pd.DataFrame(frame), frame.columns)
    return [handed.plain(each) for each in plain.to_dict("records")]


def _agreements(county: County, kept: _Line) -> dict[str, Any]:
    """Return the line's own agreements, version by version, and those of peaceful boundaries."""
    names = ("code", "name", "legal_status", "agreement_document", "agreement_date")
    versions = pd.DataFrame(kept.versions[[*names, "valid_from", "valid_to"]])
    codes = set(kept.versions["code"])
    papers = attached(county.connection, str(kept.versions["id"].iloc[0]))
    return {
        "line": nones(versions, versions.columns).to_dict("records"),
        "matters": [asdict(each) for each in peace.of_county(county) if codes & set(each.lines)],
        "papers": [asdict(each) for each in papers],
    }


def _dispute(county: County, dispute: Any) -> dict[str, Any]:
    return record.as_json(
        dispute,
        faces=disputing.between(dispute),
        names=side_names(county, dispute.sides),
        papers=disputes.evidence(county, dispute.number),
    )


def _events(
    county: County, kept: _Line, steps: Mapping[str, Sequence[Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """Return the events of the log that wrote about the line, with their hashes."""
    numbers = {each["event"] for every in steps.values() for each in every}
    rounds = {storage.round_id(county, each.number) for each in kept.rounds}
    rows = county.layer(storage.RECORDS, keep=("event",))
    numbers |= set(rows.loc[rows["inspection_id"].isin(rounds), "event"])
    return [each for each in county.events(last=sys.maxsize) if each["id"] in numbers]


def _index(
    kept: _Line, steps: Mapping[str, Sequence[Mapping[str, Any]]], files: Sequence[str]
) -> list[word.Block]:
    """Return the list of contents (卷内目录) that people read first."""
    words = value_titles()["legal_status"]
    versions = [["自", "至", "名称", "性质", "协议书", "长度（千米）"]]
    for row in kept.versions.to_dict("records"):
        columns = ("valid_from", "valid_to", "name", "legal_status", "agreement_document")
        cells = ["" if pd.isna(row[name]) else str(row[name]) for name in columns]
        cells = [words[each].zh if each in words else each for each in cells]
        length = row["length_m"]
        versions.append([*cells, "" if pd.isna(length) else f"{float(length) / 1000:.2f}"])
    rounds = [["联检", "期间", "状态"]]
    rounds += [
        [each.number, f"{each.starts_on} — {each.ends_on}", STATES[each.state].zh]
        for each in kept.rounds
    ]
    dispute_rows = [["争议", "状态", "发生时间", "步骤"]]
    dispute_rows += [
        [each.number, QUARREL[each.state].zh, each.at, str(len(each.steps))]
        for each in kept.disputes
    ]
    counts = [["内容", "版本", "记录"]]
    counts += [[n, str(len(f)), str(len(steps[n]))] for n, f in kept.layers.items()]
    listed = [["序号", "文件"], *([str(at), name] for at, name in enumerate(sorted(files), 1))]
    title = f"{'、'.join(kept.names)}（{kept.code}）\n界线档案卷内目录"
    return [
        word.Heading(title, 0),
        word.Paragraph("依据《行政区域界线管理条例》第十三条立卷。"),
        word.Heading("一、界线的各次记载"),
        word.Table(versions),
        word.Paragraph("各类记载的版本数与记录数："),
        word.Table(counts),
        word.Heading("二、联合检查"),
        word.Table(rounds) if kept.rounds else word.Paragraph("无。"),
        word.Heading("三、争议"),
        word.Table(dispute_rows) if kept.disputes else word.Paragraph("无。"),
        word.Heading("四、文件"),
        word.Table(listed),
    ]


def manifests(county: County) -> Mapping[str, Collection[str]]:
    """Return the SHA-256 of the manifests of each archived line by its code, from the log."""
    return copies.on_record(county, COMMAND, about="line")


def check(folder: Path, *, known: Mapping[str, Collection[str]] | None = None) -> Copy:
    """Check the archive of a line against its manifest, and that against the log (`manifests`).

    Raises
    ------
    InputError
        When there is no manifest in the folder.
    """
    return copies.check(folder, about="line", known=known)
