"""Files of the `signs` commands: keys, registers, sheets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass


def new_key(path: Path) -> None:
    """Make an office key, into a file that does not exist yet."""
    from gazetteer.common.errors import StoreError
    from gazetteer.signs import payload

    content = payload.locked(payload.new_key(), password=_password())
    try:
        # a key that is there is never overwritten, and nobody else may read the new one
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        remedy = "Choose a file that does not exist, in a folder that does."
        raise StoreError(f"{error.strerror}", place=str(path), remedy=remedy) from None


def key_of(path: Path) -> Any:
    """Return the office key of a file."""
    from gazetteer.signs import payload

    return payload.unlocked(read(path), ask=_password)


def _password() -> str:
    return os.environ.get("GAZETTEER_KEY_PASSWORD", "")


def read(path: Path) -> bytes:
    """Return a file's bytes, or say why not."""
    from gazetteer.common.errors import InputError

    try:
        return path.read_bytes()
    except OSError as error:
        remedy = "Name a file that exists."
        raise InputError(f"{error.strerror}", place=str(path), remedy=remedy) from None
