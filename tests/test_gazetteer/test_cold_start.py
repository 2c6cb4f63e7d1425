"""Finding a name loads nothing that only reading files or counting needs: it starts at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gazetteer import exchange, store
from gazetteer.importing import bring_in
from gazetteer.store import County

ASK = (
    "import sys\n"
    "from cli.main import main\n"
    "try: main(['names', 'search', sys.argv[1], '新厂'])\n"
    "except SystemExit as done: assert not done.code\n"
    "heavy = {'pandas', 'geopandas', 'openpyxl', 'pyogrio', 'pyproj', 'scipy', 'sqlalchemy'}\n"
    "print('HEAVY', sorted(heavy & set(sys.modules)))"
)


def test_a_search_loads_no_library_of_tables_or_layers(tmp_path: Path) -> None:
    county, table = tmp_path / "c.gpkg", tmp_path / "a.csv"
    store.create(county, division_code="421081", name="石首市")
    table.write_text("代码,名称\n421081100,新厂镇\n", encoding="utf-8")
    with County(county, writing=True) as opened:
        bring_in(opened, exchange.read(table, "divisions"), "divisions", command="import")
    found = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", ASK, str(county)],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert "新厂镇" in found.stdout and found.stdout.splitlines()[-1] == "HEAVY []"
