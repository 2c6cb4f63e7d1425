/* What a record belongs to: other records by code and id, its divisions, its position in words. */
(function () {
  "use strict";

  const POLYGON = 1, LINE = 2, DEEP = 6;
  /* Rows about a division bear its code: they may never answer for it. */
  const ABOUT = ["zones", "population", "demand", "not_served", "names", "findings"];
  /* What lies in no single division: boundaries, and the divisions themselves. */
  const UNBOUND = ["divisions", "findings", "lines", "round_lines", "inspection_lines", "inspection_tracks", "claims", "changed", "former"];

  /** The column of a field, or null. */
  Atlas.field = function (layer, key) {
    const at = layer.fields.findIndex(function (field) { return field.key === key; });
    return at < 0 ? null : layer.columns[at];
  };

  function said(layer, feature, key) {
    const values = Atlas.field(layer, key);
    return values ? values(feature) : "";
  }

  function put(map, key, target) {
    if (!key) return;
    if (!map.has(key)) map.set(key, []);
    map.get(key).push(target);
  }

  function targets(layer, keys, map) {
    keys.forEach(function (key) {
      const values = Atlas.field(layer, key);
      for (let at = 0; values && at < layer.count; at += 1) put(map, values(at), { layer: layer, feature: at });
    });
  }

  /** Records by code and by id, all versions of each, divisions first; names by their thing. */
  Atlas.directory = function (layers) {
    const known = new Map(), names = new Map(), divisions = new Map();
    const ordered = layers.slice().sort(function (a, b) { return (b.key === "divisions") - (a.key === "divisions"); });
    ordered.forEach(function (layer) {
      targets(layer, ABOUT.includes(layer.key) ? ["id"] : ["id", "code", "number"], known);
      targets(layer, ["thing_id"], names);
      if (layer.key === "divisions") targets(layer, ["code"], divisions);
    });
    return { known: known, names: names, divisions: divisions };
  };

  function version(app, found) {
    if (!found) return null;
    const first = found[0].layer;
    const own = found.filter(function (each) { return each.layer === first; });
    return own.find(function (each) { return Atlas.valid(each.layer, each.feature, app.state.day); }) || own[own.length - 1];
  }

  /** The record that a code or an id means on the day shown, or null. */
  Atlas.known = function (app, value) { return version(app, app.directory().known.get(value)); };

  /** The division of a code; where only its township or county is on the map, that. */
  Atlas.divisionOf = function (app, code) {
    for (let kept = code; kept.length >= 2; kept = kept.slice(0, kept.length > 6 ? -3 : -2)) {
      const found = version(app, app.directory().divisions.get(kept));
      if (found) return found;
    }
    return null;
  };

  /* The smallest area of the divisions that holds a record without a code. */
  function around(app, layer, feature) {
    if (!layer.placed[feature] || UNBOUND.includes(layer.key)) return null;
    const x = layer.x[feature], y = layer.y[feature];
    const hits = Atlas.areasAt(app.state, x, y);
    return hits.length ? hits[0] : null;
  }

  function itself(layer, feature, division) {
    if (layer.key !== "names") return false;
    const thing = said(layer, feature, "thing_id"), own = said(division.layer, division.feature, "id");
    if (thing && own) return thing === own;
    return division.layer.label(division.feature) === layer.label(feature);
  }

  function begin(app, layer, feature) {
    const divisions = layer.key === "divisions";
    const key = divisions ? "parent_code" : layer.key === "zones" ? "code" : "division_code";
    const code = said(layer, feature, key) || (divisions ? "" : said(layer, feature, "parent_code"));
    if (code) return Atlas.divisionOf(app, code);
    return around(app, layer, feature);
  }

  /** The divisions that a record lies in, the largest first: [{layer, feature}]. */
  Atlas.path = function (app, layer, feature) {
    const found = [];
    let next = begin(app, layer, feature);
    while (next && found.length < DEEP && !found.some(function (each) { return each.feature === next.feature; })) {
      found.unshift(next);
      const above = said(next.layer, next.feature, "parent_code");
      next = above ? version(app, app.directory().divisions.get(above)) : null;
    }
    const last = found[found.length - 1];
    if (last && itself(layer, feature, last)) found.pop();
    return found;
  };

  Atlas.pathText = function (app, layer, feature) {
    return Atlas.path(app, layer, feature).map(function (each) { return each.layer.label(each.feature); })
      .join(app.language === "zh" ? "" : " › ");
  };

  /** Its position in degrees, minutes and seconds and in degrees; empty where it has none. */
  Atlas.position = function (layer, feature) {
    if (!layer.placed[feature]) return "";
    const at = Atlas.lonLat(layer.x[feature], layer.y[feature]);
    return Atlas.dms(at[0]) + "E " + Atlas.dms(at[1]) + "N (" + at[0].toFixed(5) + ", " + at[1].toFixed(5) + ")";
  };

  /** What its position is the position of: a point itself, the middle of an area or a line. */
  Atlas.positionTitle = function (words, layer, feature) {
    const kind = layer.kinds[feature];
    return kind === POLYGON ? words.centre : kind === LINE ? words.midpoint : words.coordinates;
  };

  /** Its class in words: that of the legend, and the finer one of the record. */
  Atlas.sort = function (layer, feature) {
    const own = layer.classes[layer.members[feature]], finer = said(layer, feature, "category");
    const first = finer && said(layer, feature, "role") || (own.hidden ? "" : own.title);
    return [first, finer || said(layer, feature, "kind") || said(layer, feature, "road_class")].filter(function (each, at, all) { return each && all.indexOf(each) === at; });
  };

  /** What is known of its papers: the numbers of documents. */
  Atlas.documents = function (layer, feature) {
    return ["document", "decision", "agreement_document"].map(function (key) { return said(layer, feature, key); })
      .filter(Boolean).join("、");
  };

  /** The years of a record that is of the past. */
  Atlas.years = function (layer, feature) {
    if (!layer.to || !layer.to[feature]) return "";
    return (layer.from ? Atlas.isoDay(layer.from[feature]) : "") + "—" + Atlas.isoDay(layer.to[feature]);
  };
})();
