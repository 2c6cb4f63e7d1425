"""Words of route descriptions: sectors, distances, what may stand behind the name of a feature."""

from __future__ import annotations

from bisect import bisect_right

from gazetteer.common.language import Text

SECTORS: tuple[Text, ...] = (
    Text("北", "north"),
    Text("北偏东北", "north-northeast"),
    Text("东北", "northeast"),
    Text("东偏东北", "east-northeast"),
    Text("东", "east"),
    Text("东偏东南", "east-southeast"),
    Text("东南", "southeast"),
    Text("南偏东南", "south-southeast"),
    Text("南", "south"),
    Text("南偏西南", "south-southwest"),
    Text("西南", "southwest"),
    Text("西偏西南", "west-southwest"),
    Text("西", "west"),
    Text("西偏西北", "west-northwest"),
    Text("西北", "northwest"),
    Text("北偏西北", "north-northwest"),
)
"""Names of the sectors from north, clockwise."""

SECTOR_DEG = 22.5
_EDGES = [SECTOR_DEG / 2 + SECTOR_DEG * place for place in range(16)]

_SIDES = (
    *("", "东岸", "西岸", "南岸", "北岸", "左岸", "右岸", "中心线", "中线", "主流中心线"),
    *("水流中心线", "主航道中心线", "东侧", "西侧", "南侧", "北侧"),
    *("左侧", "右侧", "路中心线", "堤"),
)
"""What may stand behind the name of a feature that a line follows."""


def sector(azimuth_deg: float) -> int:
    """Return the number of the sector, 0 (north) to 15, of a true azimuth in degrees.

    Parameters
    ----------
    azimuth_deg
        From north, clockwise; beyond one turn as well.

    Returns
    -------
    int
        Place in `SECTORS`.

    Examples
    --------
    >>> [SECTORS[sector(each)].zh for each in (348.75, 11.24, 11.25, 90.0, -90.0, 326.25)]
    ['北', '北', '北偏东北', '东', '西', '北偏西北']
    """
    return bisect_right(_EDGES, azimuth_deg % 360) % 16


def same_feature(words: str, name: str) -> bool:
    """Tell whether words of a text name a feature: its name, perhaps with a bank or a middle line.

    Parameters
    ----------
    words
        As the text has them.
    name
        Of the feature on record.

    Returns
    -------
    bool
        Whether they name it; no feature without a name is named.

    Examples
    --------
    >>> same_feature("清水河南岸", "清水河"), same_feature("清水河", "清水河支渠")
    (True, False)
    """
    return bool(name) and words.startswith(name) and words[len(name) :] in _SIDES


def distance_text(metres: float) -> Text:
    """Write a distance: whole metres below one kilometre, two decimals of a kilometre above.

    Parameters
    ----------
    metres
        The distance.

    Returns
    -------
    Text
        With its unit.

    Examples
    --------
    >>> distance_text(999.4).zh, distance_text(999.6).zh, distance_text(12346).en
    ('999米', '1.00千米', '12.35 km')
    """
    if round(metres) < 1000:
        return Text(f"{metres:.0f}米", f"{metres:.0f} m")
    return Text(f"{round(metres / 10) / 100:.2f}千米", f"{round(metres / 10) / 100:.2f} km")
