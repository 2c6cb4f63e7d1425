"""Canaries: words planted in a county file that must not leave, and the search for them."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import json
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

from gazetteer.common.tables import rows
from gazetteer.kinds import LAYERS
from gazetteer.store import County, schema
from maps.atlas.contents import unpacked

_PACKED = re.compile(r'id="atlas-contents">(.*?)</script>', re.DOTALL)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{64,}={0,2}")


def found(path: Path, words: frozenset[str]) -> set[str]:
    """Return which of the words a file holds, in whatever packing and encoding."""
    blobs = list(contents(path.read_bytes()))
    return {word for word in words if any(holds(blob, word) for blob in blobs)} | {
        word for word in words if word in path.name
    }


def holds(blob: bytes, word: str) -> bool:
    """Tell whether bytes hold a word in one of the encodings in which files are written.

    >>> holds("\\u5bc6".encode("utf-16-le"), "密"), holds(rb"\\u5bc6", "密"), holds(b"x", "密")
    (True, True, False)
    """
    escaped = json.dumps(word)[1:-1].encode()
    forms = (
        *(word.encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5")
          if _can(word, each)),
        *(escaped, escaped.upper().replace(b"\\U", b"\\u")),
    )  # fmt: skip
    return any(form in blob for form in forms)


def _can(word: str, encoding: str) -> bool:
    try:
        return bool(word.encode(encoding))
    except UnicodeEncodeError:
        return False


def contents(blob: bytes, depth: int = 0) -> Iterator[bytes]:
    """Yield bytes, what is packed in them, and what escapes in them stand for."""
    yield blob
    if depth > 4:
        return
    if blob[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(blob)) as room:
            for name in room.namelist():
                yield name.encode()
                yield from contents(room.read(name), depth + 1)
    elif blob[:2] == b"\x1f\x8b":
        yield from contents(gzip.decompress(blob), depth + 1)
    elif blob[:4] == b"%PDF":
        yield from _pdf(blob)
    elif blob[:16] != b"SQLite format 3\x00":
        yield from _text(blob, depth)


def _text(blob: bytes, depth: int) -> Iterator[bytes]:
    try:
        text = blob.decode()
    except UnicodeDecodeError:
        return
    if "&" in text:
        yield html.unescape(text).encode()
    if "%" in text:
        yield unquote_to_bytes(text)
    if "<" in text:  # a word that several runs of a document hold, one after the other
        yield re.sub(r"<[^>]*>", "", text).encode()
    if packed := _PACKED.search(text):
        yield json.dumps(unpacked(packed[1]), ensure_ascii=False).encode()
    for each in _BASE64.findall(blob):
        try:
            yield from contents(base64.b64decode(each), depth + 1)
        except (binascii.Error, zlib.error, EOFError):
            continue


def _pdf(blob: bytes) -> Iterator[bytes]:
    tool = shutil.which("pdftotext")
    assert tool, "no pdftotext: apt install poppler-utils"
    yield subprocess.run(
        [tool, "-raw", "-", "-"], input=blob, capture_output=True, check=True
    ).stdout


CANARY = "隐雀"
"""No name of the sample county holds these two characters."""


def plant(county: County, kind: str) -> str:
    """Classify one thing of a finished demo; return the word that names it from now on."""
    word = f"{CANARY}{kind}"
    with county.change("plant") as change:
        for query in SECRETS[kind]:
            done = change.connection.execute(query, {"word": word})
            assert done.rowcount > 0, query
    return word


def tables(kind: str) -> set[str]:
    """Return the tables that tell of what is planted."""
    return {each.split()[1] for each in SECRETS[kind]}


def plant_internal(county: County) -> frozenset[str]:
    """Write a word of its own into a row of every field that is not for the public.

    Returns
    -------
    The words, one a field.
    """
    public = {row["layer"]: {*row["fields"].split()} for row in _public()}
    words = set()
    with county.change("plant") as change:
        for kind in LAYERS.values():
            table = schema.metadata.tables[kind.table]
            hidden = [each for each in FREE if each in table.c]
            for field in (each for each in hidden if each not in public.get(kind.name, ())):
                word = f"{CANARY}内{len(words)}甲"
                query = (
                    f'UPDATE "{table.name}" SET "{field}" = ? '
                    f'WHERE fid = (SELECT max(fid) FROM "{table.name}")'
                )
                if change.connection.execute(query, (word,)).rowcount:
                    words.add(word)
    assert len(words) > 20
    return frozenset(words)


def _public() -> list[dict[str, str]]:
    return [row for row in rows("release_fields.csv") if row["profile"] == "public"]


FREE = (
    *("source", "crs_source", "document", "agreement_document", "description", "material"),
    *("approved_by", "history", "applicant", "remarks", "visitor", "text_read"),
    *("reason", "work", "photo", "document", "file_name", "decided_by", "actor", "operator"),
)
"""Columns of free text; those that a layer publishes are left alone.

Not the decision on a sign: the register that anybody may verify with states it.
"""

SECRETS = {
    "街道名": (
        "UPDATE sign SET text = :word, address = :word WHERE text = '友爱街'",
        "UPDATE road SET name = :word WHERE name = '友爱街'",
        'UPDATE place SET attributes = \'{"保密等级": "机密★10年"}\' WHERE id IN '
        "(SELECT thing_id FROM name WHERE text = '友爱街')",
        "UPDATE name SET text = :word WHERE text = '友爱街'",
    ),
    "地名录": (
        "UPDATE place SET classification = 'secret' WHERE id IN "
        "(SELECT thing_id FROM name WHERE text = '曲江')",
        "UPDATE name SET text = :word WHERE thing_id IN "
        "(SELECT id FROM place WHERE classification = 'secret')",
    ),
    "敬老院": (
        "UPDATE facility SET name = :word, attributes = '{\"Classification\": 3}' WHERE fid IN "
        "(SELECT min(fid) FROM facility WHERE kind = '敬老院')",
    ),
    "方位物": (
        'UPDATE marker SET attributes = \'[{"密级": ["公开", "秘密"]}]\', description = :word '
        "WHERE number = '429921001104002Q' OR number = '429921101103002A'",
        "UPDATE reference_object SET name = :word WHERE marker_id IN "
        "(SELECT id FROM marker WHERE description = :word)",
    ),
    "建成区": (
        "UPDATE zone SET name = :word, attributes = '{\"密\": \"绝密\"}' WHERE code = '429921001'",
    ),
    "水系名": (
        'UPDATE water SET name = :word, attributes = \'{"密级": "秘密"}\' WHERE fid IN '
        "(SELECT min(fid) FROM water WHERE code IS NOT NULL)",
    ),
    "申请人": (
        "UPDATE application SET applicant = :word, name = :word, content = "
        "json_set(content, '$.facts.密级', '机密', '$.facts.location', :word) "
        "WHERE number = 'CX-2025-001'",
    ),
    "附件名": (
        "UPDATE attachment SET file_name = :word || '.txt', attributes = "
        "json_set(attributes, '$.secret', 1) WHERE file_name = '方案及理由.txt'",
    ),
    "标志文": (
        'UPDATE sign SET text = :word, attributes = \'{"Security Class": "hush"}\' WHERE fid IN '
        "(SELECT max(fid) FROM sign WHERE plate_class = 'road')",
    ),
    "争议因": (
        "UPDATE dispute SET content = json_set(content, '$.cause', :word, '$.密级', '秘密')",
    ),
}
"""Kind of thing -> how it comes to be classified, and to be called `:word`."""
