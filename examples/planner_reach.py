"""Who is served, who is not, and where the next station should stand: plain GeoDataFrames only.

Nothing here needs a county file: roads, homes and stations may come from any layer that geopandas
reads. The small town below is invented (示例数据).

    python examples/planner_reach.py
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

import facilities

CRS = "EPSG:4490"


def town() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return roads, homes and stations of a town with a river, one bridge and an island."""
    east = [shapely.LineString([(120, 32 + n / 200), (120.03, 32 + n / 200)]) for n in range(5)]
    north = [shapely.LineString([(120 + n / 100, 32), (120 + n / 100, 32.02)]) for n in range(4)]
    bridge = shapely.LineString([(120.03, 32.01), (120.036, 32.01)])
    over = shapely.LineString([(120.036, 32), (120.036, 32.02)])
    island = shapely.LineString([(120.05, 32.01), (120.052, 32.01)])
    roads = gpd.GeoDataFrame(
        {
            "name": [
                *(f"东{n}路" for n in range(5)),
                *(f"北{n}街" for n in range(4)),
                "大桥",
                "对岸路",
                "沙洲路",
            ]
        },
        geometry=[*east, *north, bridge, over, island],
        crs=CRS,
    )
    spots = [
        (120.001, 32.001),
        (120.011, 32.016),
        (120.029, 32.004),
        (120.036, 32.018),
        (120.051, 32.01),
    ]
    homes = gpd.GeoDataFrame(
        {
            "id": ["h1", "h2", "h3", "h4", "h5"],
            "name": ["河西村", "北街社区", "桥头社区", "对岸村", "沙洲村"],
            "people": [310, 820, 640, 270, 45],
        },
        geometry=gpd.points_from_xy(*zip(*spots, strict=True)),
        crs=CRS,
    )
    stations = gpd.GeoDataFrame(
        {"id": ["s1"], "name": ["桥头养老服务站"], "beds": [60]},
        geometry=[shapely.Point(120.028, 32.0055)],
        crs=CRS,
    )
    return roads, homes, stations


def main() -> None:
    roads, homes, stations = town()
    network, findings = facilities.network_from_lines(roads)
    for finding in findings:
        print("路网:", finding.message.zh)
    walk = facilities.Walk(facilities.profile("elderly"), 15, network)

    now = facilities.walking_reach(
        homes, stations, profile=walk.profile, network=network, minutes=walk.minutes
    )
    print(f"\n{now.metric.zh}\n15分钟内 {now.served:g} 人,共 {now.people:g} 人;未覆盖:")
    print(now.not_reached[["name", "people", "metres", "reason"]].to_string(index=False))

    answer = facilities.place(homes, homes, walk=walk, existing=stations, target_share=0.95)
    told = answer.siting
    names = "、".join(answer.chosen["name"])
    print(f"\n95%目标需新增 {len(told.chosen)} 处:{names};差距 {told.gap:.0%}")

    new = answer.chosen.assign(beds=30)[["id", "name", "beds", "geometry"]]
    both = gpd.GeoDataFrame(pd.concat([stations, new], ignore_index=True), crs=CRS)
    then = facilities.walking_reach(
        homes, both, profile=walk.profile, network=network, minutes=walk.minutes
    )
    print(facilities.gains(facilities.compare(now, then)).to_string(index=False))

    flows, _ = facilities.allocated(homes, both, walk=walk, capacity="beds")
    print("\n有床位限制时的去向:\n" + flows.to_string(index=False))
    rate, _ = facilities.shared_supply(homes, both, walk=walk)
    print("\n每人可及床位(2SFCA):\n" + rate.round(4).to_string())
    areas = facilities.walking_areas(then.where, minutes=(5, 10, 15))
    print("\n步行圈面积(平方公里):", (areas["area_m2"] / 1e6).round(2).tolist())


if __name__ == "__main__":
    main()
