"""The one place of this package that opens files: plan files of the user and shipped ones."""

from __future__ import annotations

from pathlib import Path

from facilities.targets.model import Plan
from facilities.targets.parse import parse_plan
from gazetteer.common import tables
from gazetteer.common.errors import InputError, UnknownError, reason
from gazetteer.common.language import Sentence, Text

_SHIPPED = {
    "guandu": "官渡区",
    "shishou": "石首市",
    "songming": "嵩明县",
    "xiangxi": "湘西土家族苗族自治州",
    "yichun": "宜春市",
    "chuxi": "楚溪县",
    "example": "示例县",
}


def shipped_plans() -> tuple[str, ...]:
    """Return the names of the plans that come with the package.

    The last two are for invented counties: the sample county, and example data anywhere.

    Returns
    -------
    tuple[str, ...]
        Names that `shipped_plan` takes.

    Examples
    --------
    >>> shipped_plans()
    ('guandu', 'shishou', 'songming', 'xiangxi', 'yichun', 'chuxi', 'example')
    """
    return tuple(_SHIPPED)


def shipped_plan(name: str) -> Plan:
    """Return a shipped plan by name or by place.

    Parameters
    ----------
    name
        One of `shipped_plans`, or the place that the plan is of.

    Returns
    -------
    Plan
        The plan with its statements and targets.

    Raises
    ------
    UnknownError
        If no such plan is shipped.

    Examples
    --------
    >>> shipped_plan("官渡区").place_code
    '530111'
    """
    for each, place in _SHIPPED.items():
        if name in {each, place}:
            file = f"plan_{each}.toml"
            return parse_plan(tables.text(file), place=file)
    message = Sentence("no plan {name!r} is shipped", name=name)
    raise UnknownError(
        message, remedy=Sentence("Use one of {listed} or give a file", listed=tuple(_SHIPPED))
    )


def read_plan(path: Path) -> Plan:
    """Return the plan of a TOML file (UTF-8).

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Plan
        The plan with its statements and targets.

    Raises
    ------
    InputError
        If the file cannot be read or is no plan.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = reason(error) if isinstance(error, OSError) else Text("不是 UTF-8 编码", "not UTF-8")
        raise InputError(
            Sentence("cannot be read: {why}", why=why),
            place=str(path),
            remedy=Sentence("Check the file"),
        ) from None
    return parse_plan(text, place=path.name)
