"""Files of the `signs` commands: keys, registers, sheets."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from cli import wording
from gazetteer.common import rehearsal
from gazetteer.common.language import Sentence

PASSWORD = "GAZETTEER_KEY_PASSWORD"
"""Variable of the environment that holds the password of a key file."""


@contextmanager
def new_key(path: Path, *, passphrase: bool, quiet: bool = False) -> Iterator[None]:
    """Make an office key, into a file that does not exist yet; take it back where that fails.

    It is enciphered with the password in GAZETTEER_KEY_PASSWORD, else with one that is asked for
    on a terminal; where there is neither, it is said that it is not.
    """
    from gazetteer.common.errors import StoreError, reason
    from gazetteer.signs import signing

    password = _new_password() if passphrase else ""
    content = signing.locked(signing.new_key(), password=password)
    try:
        # a key that is there is never overwritten, and nobody else may read the new one
        with os.fdopen(_made(path), "wb") as file:
            file.write(content)
    except OSError as error:
        remedy = Sentence("Choose a file that does not exist, in a folder that does.")
        raise StoreError(reason(error), place=str(path), remedy=remedy) from None
    try:
        yield
    except BaseException:  # a key that the county file does not know is of no use
        rehearsal.at(path).unlink(missing_ok=True)
        raise
    if passphrase and not password and not quiet:
        wording.say(
            "note: {path} is not enciphered: who copies it can sign in the office's name; set "
            "{variable}, or say --no-passphrase where it is locked away otherwise",
            path=path,
            variable=PASSWORD,
            err=True,
        )


def _made(path: Path) -> int:
    """Return a file that was not there and that nobody else may read, open for writing."""
    if rehearsal.going() and path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    return os.open(rehearsal.at(path), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)


def _new_password() -> str:
    if password := os.environ.get(PASSWORD, ""):
        return password
    if not sys.stdin.isatty():
        return ""
    password = click.prompt(
        wording.sentence("Passphrase of the key (empty: none)"),
        default="",
        show_default=False,
        hide_input=True,
        confirmation_prompt=True,
        err=True,
    )
    return str(password)


def key_of(path: Path) -> Any:
    """Return the office key of a file that nobody else may read."""
    from gazetteer.signs import signing

    content = read(path)
    if b"PRIVATE KEY" in content:
        _refuse_open_to_others(path)
    return signing.unlocked(content, ask=_password)


def _refuse_open_to_others(path: Path) -> None:
    """Refuse a key file that others may read or write, where the system tells (not on Windows)."""
    from gazetteer.common.errors import InputError

    mode = stat.S_IMODE(rehearsal.lies(path).stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        what = Sentence(
            "is a key that others on this machine may read or write (mode {mode:04o})", mode=mode
        )
        raise InputError(
            what, place=str(path), remedy=Sentence("Run `chmod 600 {name}`.", name=path.name)
        )


def _password() -> str:
    from gazetteer.common.errors import InputError

    if password := os.environ.get(PASSWORD, ""):
        return password
    if sys.stdin.isatty():
        asked = wording.sentence("Passphrase of the key")
        return str(click.prompt(asked, hide_input=True, err=True))
    remedy = Sentence("Set {password}, or work at a terminal.", password=PASSWORD)
    raise InputError(Sentence("The key is enciphered, and there is no password"), remedy=remedy)


def read(path: Path) -> bytes:
    """Return a file's bytes, or say why not."""
    from gazetteer.common.errors import InputError, reason

    try:
        return rehearsal.lies(path).read_bytes()
    except OSError as error:
        remedy = Sentence("Name a file that exists.")
        raise InputError(reason(error), place=str(path), remedy=remedy) from None
