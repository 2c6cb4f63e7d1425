"""Code that runs alike on Linux, Windows and macOS, in any locale: held by reading it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import windows
from tests.conftest import ROOT, real_data_folder

PACKAGES = ("gazetteer", "boundaries", "facilities", "maps", "cli", "sample_county")
FOLDERS = (*PACKAGES, "tests", "benchmarks", "examples", "offline", ".ci")
POSIX_MODULES = {"fcntl", "grp", "pwd", "resource", "termios", "tty", "pty", "posix", "syslog"}
POSIX_NAMES = {
    *("fork", "forkpty", "kill", "killpg", "getuid", "geteuid", "getgid", "chown", "mkfifo"),
    *("uname", "setsid", "getpgid", "statvfs", "sync", "nice", "wait", "waitpid", "getloadavg"),
}
POSIX_FOLDERS = ("/tmp", "/proc", "/dev", "/etc", "/var", "/home", "/bin", "/usr", "/opt", "/run")
# what asks first whether it is there
LOOKED_FOR = {
    "gazetteer/store/whereabouts.py": {"/proc/self/mounts"},
    "gazetteer/store/actors.py": {"import pwd", "os.getuid"},
    "gazetteer/common/durable.py": {"os.getuid"},
    "gazetteer/documents/fonts.py": None,
    "gazetteer/office/county/scheduling.py": {"/run/systemd/system", "/usr/bin/env"},
}


def sources(folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            told = node.func
            yield (told.attr if isinstance(told, ast.Attribute) else getattr(told, "id", "")), node


def _binary(call: ast.Call, *, at: int) -> bool:
    given = [each.value for each in call.keywords if each.arg == "mode"]
    modes = call.args[at : at + 1] or given
    return bool(modes) and not (isinstance(modes[0], ast.Constant) and "b" not in modes[0].value)


def _is_text(name: str, call: ast.Call) -> bool:
    """Tell whether a call opens a file or a process for text without naming its encoding."""
    keywords = {each.arg: each.value for each in call.keywords}
    if "encoding" in keywords or None in keywords:
        return False
    if name == "read_text":
        return not call.args
    if name == "write_text":
        return len(call.args) < 2
    if name == "open" and isinstance(call.func, ast.Name):
        return not _binary(call, at=1) and len(call.args) < 4
    text = keywords.get("text")
    process = name in {"run", "Popen", "check_output"}
    return process and isinstance(text, ast.Constant) and text.value is True


def without_encoding(source: str) -> list[int]:
    return [call.lineno for name, call in calls(ast.parse(source)) if _is_text(name, call)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("path.read_text()", True),
        ("path.read_text('utf-8')", False),
        ("path.write_text(a)", True),
        ("path.write_text(a, encoding='utf-8')", False),
        ("open(a)", True),
        ("open(a, 'rb')", False),
        ("open(a, 'w', encoding='gbk')", False),
        ("subprocess.run(a, text=True)", True),
        ("subprocess.run(a, capture_output=True)", False),
        ("forms.Column(heading=a, text=True)", False),
    ],
)
def test_text_without_encoding_is_seen(source: str, found: bool) -> None:
    assert bool(without_encoding(source)) is found


@pytest.mark.checkout
def test_every_text_file_and_process_names_its_encoding() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources(FOLDERS)
        for line in without_encoding(path.read_text("utf-8"))
    ]
    assert found == []


def posix_only(source: str, known: set[str] | None) -> Iterator[str]:
    yield from (each for each in _posix_only(source, known) if each not in (known or ()))


def _posix_only(source: str, known: set[str] | None) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names) if POSIX_MODULES & {each.name for each in names}:
                yield ast.unparse(node)
            case ast.ImportFrom(module) if module in POSIX_MODULES:
                yield ast.unparse(node)
            case ast.Attribute(ast.Name("os"), name) if name in POSIX_NAMES:
                yield f"os.{name}"
            case ast.Attribute(ast.Name("signal"), name) if name not in {"SIGINT", "SIGTERM"}:
                yield f"signal.{name}"
            case ast.Constant(str(text)) if known is not None and text not in known:
                if text.startswith(tuple(f"{each}/" for each in POSIX_FOLDERS)):
                    yield text


@pytest.mark.checkout
def test_nothing_shipped_knows_only_one_system() -> None:
    found = [
        f"{name}: {each}"
        for path in sources((*PACKAGES, "offline"))
        for name in [path.relative_to(ROOT).as_posix()]
        for each in posix_only(path.read_text("utf-8"), LOOKED_FOR.get(name, set()))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source", ["import fcntl", "from pwd import getpwuid", "os.fork()", "Path('/tmp/a')"]
)
def test_what_only_posix_knows_is_seen(source: str) -> None:
    assert [*posix_only(source, set())]


@pytest.mark.skipif(not windows.HELD.is_dir(), reason="no /proc")
def test_a_file_that_is_replaced_while_it_is_open_is_seen(tmp_path: Path) -> None:
    old, new = tmp_path / "旧", tmp_path / "新"
    with windows.refusals() as refused:
        old.write_text("1", "utf-8")
        new.write_text("2", "utf-8")
        new.replace(old)
        assert refused == []
        new.write_text("2", "utf-8")
        with old.open(encoding="utf-8"):
            new.replace(old)
            old.rename(new)
        assert len(refused) == 1 and "os.rename" in refused[0]
        with new.open(encoding="utf-8"):
            new.unlink()
        assert len(refused) == 2 and "os.remove" in refused[1]
        refused.clear()


def test_real_data_is_found_beside_the_checkout_or_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GAZETTEER_REAL_DATA", raising=False)
    beside, named = tmp_path / "shared/data", tmp_path / "另一处"
    assert real_data_folder(tmp_path / "a/b") is None
    beside.mkdir(parents=True)
    named.mkdir()
    assert real_data_folder(tmp_path / "a") == beside
    assert real_data_folder(tmp_path / "trees/a") == beside
    monkeypatch.setenv("GAZETTEER_REAL_DATA", str(named))
    assert real_data_folder(tmp_path / "a") == named
