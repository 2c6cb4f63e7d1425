"""Parts of the network that cannot be reached on foot from the main part, by name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from facilities.network.graph import Network


def islands(network: Network, *, names_shown: int = 5) -> pd.DataFrame:
    """List the connected parts of a network, longest first; all but the first are islands.

    Parameters
    ----------
    network
        The network.
    names_shown
        How many road names to list for each part.

    Returns
    -------
    pandas.DataFrame
        ``component, nodes, edges, length_m, names, main``; a lone node counts as a part.

    Examples
    --------
    >>> from facilities.plane import Plane
    >>> two = Network(Plane(120.0), np.array([[0, 0], [900, 0], [5e3, 0], [5e3, 9]]),
    ...     np.array([0, 2]), np.array([1, 3]), np.array([900.0, 9.0]), None,
    ...     np.array(["鼓楼路", "码头路"], dtype=object))
    >>> islands(two)[["length_m", "names", "main"]].to_dict("records")[1]
    {'length_m': 9.0, 'names': '码头路', 'main': False}
    """
    part = network.component
    of_edge = part[network.tail]
    count = int(part.max()) + 1 if len(part) else 0
    table = pd.DataFrame(
        {
            "component": np.arange(count),
            "nodes": np.bincount(part, minlength=count),
            "edges": np.bincount(of_edge, minlength=count),
            "length_m": np.bincount(of_edge, weights=network.length_m, minlength=count),
            "names": _names(network, count, names_shown),
        }
    )
    table = table.sort_values("length_m", ascending=False, kind="stable").reset_index(drop=True)
    return table.assign(main=table.index == 0)


def _names(network: Network, count: int, shown: int) -> list[str]:
    if network.names is None:
        return [""] * count
    roads = pd.DataFrame({"part": network.component[network.tail], "name": network.names})
    roads = roads[roads["name"].astype(bool)].drop_duplicates()
    listed = roads.groupby("part")["name"].agg(lambda names: "、".join(list(names)[:shown]))
    return list(listed.reindex(range(count), fill_value=""))
