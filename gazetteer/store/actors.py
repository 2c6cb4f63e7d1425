"""Who works here: the name that is given, and beside it what the system itself knows.

A name given is a word, whoever says it; account and host are what the machine of this process
tells. A person who rules that machine can change them, too: see `docs/reliability.md`.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from typing import Any, NamedTuple


class Workplace(NamedTuple):
    """The account of the system and the host on which a command runs."""

    account: str
    host: str


def default_actor() -> str:
    """Return who works here: ``GAZETTEER_ACTOR``, else the name of the account."""
    try:
        return os.environ.get("GAZETTEER_ACTOR") or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def workplace() -> Workplace:
    """Return account and host as the system knows them, whatever the environment says."""
    import socket

    return Workplace(_account(), socket.gethostname())


def _account() -> str:
    # `getpass.getuser` asks LOGNAME and USER first, which anybody can set
    try:
        import pwd
    except ImportError:  # Windows
        return _logged_in()
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # an account without a name, as in containers
        return f"uid {number}"


def _logged_in() -> str:
    """Return the account that the system names; a task that nobody logged in for may have none."""
    try:
        return os.getlogin()
    except OSError:
        return "unknown"


def who(event: Mapping[str, Any]) -> str:
    """Return the name given in an event, with account and host where they tell another.

    Examples
    --------
    >>> who({"actor": "王五", "account": "office", "host": "desk-3"})
    '王五 (office@desk-3)'
    >>> who({"actor": "office", "account": "office", "host": "desk-3"})
    'office'
    """
    actor, account = str(event["actor"]), event.get("account")
    return f"{actor} ({account}@{event.get('host')})" if differs(actor, account) else actor


def differs(actor: str, account: str | None) -> bool | None:
    """Tell whether a name given is another than the account; None where no account was kept.

    Examples
    --------
    >>> differs("王五", "office"), differs("office", "office"), differs("王五", None)
    (True, False, None)
    """
    return None if account is None else actor != account
