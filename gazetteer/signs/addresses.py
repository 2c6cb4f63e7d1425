"""Addresses in front of codes: which are the office's own, and which only look like it.

One address has one writing here: capitals, https, no default port, no slash at the end. What is not
letters, digits, dots, hyphens and underscores (a user before an @, an escape, another script, a
backslash, a script) is no plain web address and never the office's own.
"""

from __future__ import annotations

import re

from gazetteer.common.errors import InputError
from gazetteer.common.language import Sentence

LONGEST = 80
_URL = re.compile(
    r"(?P<scheme>HTTPS?)://(?P<host>[A-Z0-9.\-]+)(?::(?P<port>\d{1,5}))?(?P<path>(?:/[A-Z0-9._\-]+)*)",
    re.ASCII,
)
_DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}


def base_url(text: str) -> str:
    """Return a base address in the capitals of the QR code's alphanumeric mode.

    Raises
    ------
    InputError
        When it has other characters than letters, digits, dots and hyphens.

    Examples
    --------
    >>> base_url("https://dm.example.cn/s/")
    'HTTPS://DM.EXAMPLE.CN/S'
    """
    plain = text.strip().rstrip("/").upper()
    if not _URL.fullmatch(plain) or len(plain) > LONGEST or same(plain) is None:
        remedy = Sentence("Use http(s)://host/path of letters, digits, dots and hyphens.")
        raise InputError(Sentence("{text!r} is no base address", text=text[:60]), remedy=remedy)
    return plain


def same(address: str) -> str | None:
    """Return the one writing of an address, or None where it is no plain web address.

    http and https are one, a default port is left out, and so is a scheme that nobody wrote.

    Examples
    --------
    >>> same("http://dm.example.cn:80/s/"), same("dm.example.cn/s")
    ('HTTPS://DM.EXAMPLE.CN/S', 'HTTPS://DM.EXAMPLE.CN/S')
    >>> same("https://dm.example.cn:8443/s")
    'HTTPS://DM.EXAMPLE.CN:8443/S'
    >>> [same(each) for each in ("javascript:alert(1)", "https://dm.cn@evil.cn", "https://a/../s")]
    [None, None, None]
    """
    plain = address.strip().upper().rstrip("/")
    found = _URL.fullmatch(plain if "://" in plain else f"HTTPS://{plain}")
    if found is None or {"", ".", ".."} & {*found["path"].split("/")[1:]}:
        return None
    default = _DEFAULT_PORTS[found["scheme"]]
    port = int(found["port"] or default)
    host = found["host"].rstrip(".")
    return f"HTTPS://{host}{'' if port == default else f':{port}'}{found['path']}" if host else None
