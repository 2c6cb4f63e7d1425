"""What QGIS and GDAL lawfully add to a county file, told by what it can do and not by its name.

`LAWFUL` is the table of the rules. Whatever no rule knows is foreign.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Key = tuple[str, str]
STYLES = "layer_styles"
_SYSTEM = ("gpkg_", "rtree_", "trigger_", "sqlite_", "name_bigram_", STYLES)
"""How names begin of what GDAL, SQLite and QGIS make: their releases word it differently."""
_BIGRAMS = ("name_bigram_insert", "name_bigram_update", "name_bigram_delete")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a file's schema, as SQLite keeps it; `sql` with its white space folded."""

    type: str
    name: str
    table: str
    sql: str

    @property
    def key(self) -> Key:
        """Type and name; SQLite does not tell names apart by case."""
        return self.type, self.name.lower()

    @property
    def ours(self) -> bool:
        """Whether this program makes it, and not GDAL, SQLite or QGIS."""
        name = self.name.lower()
        return name in _BIGRAMS or not name.startswith(_SYSTEM)

    @property
    def digest(self) -> str:
        """Hash of all of it."""
        return digest_of(self, self.sql)

    def says(self, pattern: str) -> bool:
        """Tell whether the SQL is of a form."""
        return re.fullmatch(pattern, self.sql, re.IGNORECASE | re.DOTALL) is not None


def digest_of(item: Item, sql: str) -> str:
    """Return the hash of a schema entry whose SQL is worded so."""
    told = "\0".join((*item.key, item.table.lower(), sql))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def added_columns(item: Item, wanted: str) -> bool:
    """Tell whether a table of ours only has columns more, as QGIS adds them: plain ones."""
    found = [*re.finditer(r', "[^"]+" [A-Z]+(?:\(\d+(?:, ?\d+)?\))?(?=[,)])', item.sql)]
    sql = item.sql
    for each in reversed(found):
        sql = sql[: each.start()] + sql[each.end() :]
        if digest_of(item, sql) == wanted:
            return True
    return False


_WORD = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|\w+|[^\w\s]")
_SPATIAL = frozenset(
    _WORD.findall(
        "create trigger after before insert or replace delete update of on for each row when begin "
        "end into values from where id in and not null isnull notnull is set minx maxx miny maxy "
        "new old st_minx st_maxx st_miny st_maxy st_isempty ( ) , . ; = ! < >"
    )
)


def _spatial(item: Item) -> bool:
    """Tell whether a trigger only keeps the R-tree of its table, in whatever words of GDAL's."""
    words = [each.strip('"').lower() for each in _WORD.findall(item.sql)]
    name = item.name.lower()
    tree, own = name.rpartition("_")[0], item.table.lower()
    column = tree.removeprefix(f"rtree_{own}_")
    if column == tree or words.count("begin") != 1 or words[-1] != "end":
        return False
    allowed = _SPATIAL | {name, tree, own, column}
    free = {
        at + 1 for at, each in enumerate(words) if each == "."
    }  # the column of the row's number
    if any(each not in allowed and at not in free for at, each in enumerate(words)):
        return False
    body = words[words.index("begin") + 1 : -1]
    return all(_writes_to(each, tree) for each in " ".join(body).split(";") if each.strip())


def _writes_to(statement: str, table: str) -> bool:
    heads = ("insert into", "insert or replace into", "delete from", "update", "update or replace")
    return any(f"{statement.strip()} ".startswith(f"{head} {table} ") for head in heads)


def _counts(item: Item) -> bool:
    """Tell whether a trigger only counts the rows of its table for GDAL."""
    own = re.escape(item.table)
    return item.says(
        rf'CREATE TRIGGER "trigger_(insert|delete)_feature_count_{own}" AFTER (INSERT|DELETE) ON '
        rf'"{own}" BEGIN UPDATE gpkg_ogr_contents SET feature_count = feature_count [+-] 1 '
        rf"WHERE lower\(table_name\) = lower\('{own}'\); END"
    )


def _guards(item: Item) -> bool:
    """Tell whether a trigger of the GeoPackage standard only refuses rows of a system table."""
    said = re.sub(r"'(?:[^']|'')*'", "''", item.sql)
    body = said.partition(" BEGIN ")[2].removesuffix("END")
    words = {each.lower() for each in _WORD.findall(said)}
    refuses = r"\s*SELECT RAISE\s*\(\s*(ABORT|ROLLBACK|FAIL)\b"
    return (
        item.table.lower().startswith("gpkg_")
        and not words & {"with", "recursive"}
        and all(re.match(refuses, each) for each in body.split(";") if each.strip())
    )


def _tree(item: Item) -> bool:
    name = item.name.lower()
    columns = r"\(\s*id,\s*minx,\s*maxx,\s*miny,\s*maxy\s*\)"
    form = rf'CREATE VIRTUAL TABLE "?{re.escape(name)}"? USING rtree\s*{columns}'
    return name.startswith("rtree_") and item.says(form)


def plain_table(item: Item) -> bool:
    """Tell whether a table only holds rows; one in the place of an R-tree does not count."""
    name = item.name.lower()
    part = name.endswith(("_node", "_rowid", "_parent"))
    placed = part or not name.startswith("rtree_")
    return placed and item.says(r"CREATE TABLE\b.*") and not computes(item)


_INDEX = r'INDEX (?:"[^"]+"|\w+) ON (?:"[^"]+"|\w+) ?\([\w", ]+\)'


def _plain_index(item: Item) -> bool:
    return item.says(f"CREATE {_INDEX}")


_HIDING = ("--", "/*", "[", "`")
"""What else than quotes may hide words: where one stands, every word counts."""
_COMPUTED = re.compile(r"\b(?:CHECK|GENERATED|AS)\b", re.IGNORECASE)


def computes(item: Item) -> bool:
    """Tell whether SQLite may calculate for an entry when rows are read or the file is verified.

    Examples
    --------
    >>> told = ("a AS (hex(b))", "a CHECK (a)", '"as" TEXT', '["a] CHECK (a), ["b] TEXT')
    >>> [computes(Item("table", "t", "t", f"CREATE TABLE t ({each})")) for each in told]
    [True, True, False, True]
    """
    if item.type == "index":
        return not item.says(f"CREATE (?:UNIQUE )?{_INDEX}")
    hidden = any(each in item.sql for each in _HIDING)
    bare = item.sql if hidden else re.sub(r"\"[^\"]*\"|'[^']*'", " ", item.sql)
    return item.type == "table" and _COMPUTED.search(bare) is not None


LAWFUL: Mapping[str, tuple[tuple[str, Callable[[Item], bool]], ...]] = {
    "trigger": (
        ("keeps the R-tree of its table", _spatial),
        ("counts the rows of its table for GDAL", _counts),
        ("refuses rows of a GeoPackage system table", _guards),
    ),
    "table": (
        ("R-tree of a layer", _tree),
        ("layer or table of others: nothing of ours asks it", plain_table),
    ),
    "view": (("nothing of ours asks it", lambda _: True),),
    "index": (("finds rows by plain columns, refuses none", _plain_index),),
}
"""By type: what others may add, and how it is told."""
