/* What lies under a point of the map. */
(function () {
  "use strict";

  const POLYGON = 1, LINE = 2, REACH = 9;
  /* What a map is about comes before what lies beneath it. */
  const FIRST = { findings: 2, thematic: 1 };

  function inside(layer, feature, arcs, x, y) {
    let odd = false;
    Atlas.eachPath(layer, feature, function () {}, function (arc) {
      for (let at = arcs.offsets[arc]; at + 1 < arcs.offsets[arc + 1]; at += 1) {
        const y1 = arcs.y[at], y2 = arcs.y[at + 1];
        if ((y1 > y) !== (y2 > y) &&
            x < (arcs.x[at + 1] - arcs.x[at]) * (y - y1) / (y2 - y1) + arcs.x[at]) odd = !odd;
      }
    });
    return odd;
  }

  /** Whether a point of the world lies in an area. */
  Atlas.inside = inside;

  function segment(px, py, ax, ay, bx, by) {
    const dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
    const t = square ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / square)) : 0;
    return Math.hypot(px - ax - t * dx, py - ay - t * dy);
  }

  function away(layer, feature, arcs, x, y) {
    let least = Infinity;
    if (layer.kinds[feature] === LINE) {
      Atlas.eachPath(layer, feature, function () {}, function (arc) {
        for (let at = arcs.offsets[arc]; at + 1 < arcs.offsets[arc + 1]; at += 1) {
          least = Math.min(least, segment(x, y, arcs.x[at], arcs.y[at], arcs.x[at + 1], arcs.y[at + 1]));
        }
      });
    } else {
      Atlas.eachPoint(layer, feature, function (px, py) {
        least = Math.min(least, Math.hypot(x - px, y - py));
      });
    }
    return least;
  }

  /** Records at a place, nearest and smallest first: [{layer, feature}]. */
  Atlas.at = function (state, x, y, zoom) {
    const reach = REACH / Math.pow(2, zoom), found = [];
    const box = [x - reach, y - reach, x + reach, y + reach];
    state.layers.forEach(function (layer) {
      if (!layer.visible) return;
      Atlas.within(layer, box).forEach(function (feature) {
        if (!Atlas.drawn(state, layer, feature, zoom)) return;
        const area = layer.kinds[feature] === POLYGON;
        const far = area ? 0 : away(layer, feature, state.arcs, x, y);
        if (area ? !inside(layer, feature, state.arcs, x, y) : far > reach) return;
        const at = 4 * feature, b = layer.boxes;
        const size = area ? 1 + (b[at + 2] - b[at]) * (b[at + 3] - b[at + 1]) : far / reach;
        found.push({ layer: layer, feature: feature, rank: size - (FIRST[layer.key] || 0) });
      });
    });
    return found.sort(function (a, b) { return a.rank - b.rank; });
  };

  /** Divisions that hold a place on the day shown, the smallest first, drawn or not. */
  Atlas.areasAt = function (state, x, y) {
    const layer = state.layers.find(function (each) { return each.key === "divisions"; });
    if (!layer) return [];
    const size = function (feature) {
      const at = 4 * feature, b = layer.boxes;
      return (b[at + 2] - b[at]) * (b[at + 3] - b[at + 1]);
    };
    return Atlas.within(layer, [x, y, x, y]).filter(function (feature) {
      return layer.kinds[feature] === POLYGON && Atlas.valid(layer, feature, state.day) &&
        inside(layer, feature, state.arcs, x, y);
    }).sort(function (a, b) { return size(a) - size(b); }).map(function (feature) {
      return { layer: layer, feature: feature };
    });
  };

  /** The record whose label was drawn over a point of the canvas, or null. */
  Atlas.labelAt = function (state, x, y) {
    const found = state.placedLabels.find(function (label) {
      const box = label.text_box;
      return label.layer && box && x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
    });
    return found ? { layer: found.layer, feature: found.feature } : null;
  };

  /** Whether a record is drawn now: its class is switched on and its interval holds the day. */
  Atlas.shown = function (state, layer, feature) {
    return layer.placed[feature] && layer.classes[layer.members[feature]].visible &&
      Atlas.valid(layer, feature, state.day);
  };
})();
