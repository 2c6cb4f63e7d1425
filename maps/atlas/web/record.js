/* The popup of a record: what it says, what else is here, and links to the records it names. */
(function () {
  "use strict";

  const el = Atlas.element, SIBLINGS = 12;

  function column(layer, key) {
    const at = layer.fields.findIndex(function (field) { return field.key === key; });
    return at < 0 ? null : layer.columns[at];
  }

  /** Records by code and by id, made when first asked for. */
  Atlas.directory = function (layers) {
    const known = new Map(), names = new Map();
    layers.forEach(function (layer) {
      ["id", "code", "number"].forEach(function (key) {
        const values = column(layer, key);
        for (let at = 0; values && at < layer.count; at += 1) {
          const value = values(at);
          if (value && !known.has(value)) known.set(value, { layer: layer, feature: at });
        }
      });
      const things = column(layer, "thing_id");
      for (let at = 0; things && at < layer.count; at += 1) {
        const thing = things(at);
        if (!thing) continue;
        if (!names.has(thing)) names.set(thing, []);
        names.get(thing).push({ layer: layer, feature: at });
      }
    });
    return { known: known, names: names };
  };

  function title(target) {
    return target.layer.label(target.feature) || target.layer.title;
  }

  function linked(app, value, current) {
    const target = app.directory().known.get(value);
    if (!target || (target.layer === current.layer && target.feature === current.feature)) return value;
    return el("button", { class: "link", type: "button", click: function () { app.choose([target], 0, true); } },
      title(target) === value ? value : title(target) + " " + value);
  }

  function row(name, content) {
    return el("tr", {}, el("th", { scope: "row" }, name), content);
  }

  /* Attributes are JSON text: one row each; whatever is no JSON is shown as it stands. */
  function attributes(value) {
    try {
      const known = JSON.parse(value);
      return Object.keys(known).map(function (key) {
        const said = typeof known[key] === "object" ? JSON.stringify(known[key]) : String(known[key]);
        return row(key, el("td", {}, said));
      });
    } catch (error) {
      return null;
    }
  }

  function rows(app, target) {
    const layer = target.layer;
    return layer.fields.flatMap(function (field, at) {
      const value = layer.columns[at](target.feature);
      if (!value || at === layer.labelAt || field.key === "message") return [];
      const known = field.key === "attributes" ? attributes(value) : null;
      if (known) return known;
      const cell = el("td", {});
      const parts = field.link ? value.split(/([、,;\s]+)/) : [value];
      parts.forEach(function (part, place) {
        cell.append(field.link && place % 2 === 0 ? linked(app, part, target) : part);
      });
      return [row(field.title, cell)];
    });
  }

  /* Other names of the same thing. */
  function siblings(app, target) {
    const things = column(target.layer, "thing_id") || column(target.layer, "id");
    const thing = things ? things(target.feature) : "";
    const others = (app.directory().names.get(thing) || []).filter(function (other) {
      return other.layer !== target.layer || other.feature !== target.feature;
    }).slice(0, SIBLINGS);
    if (!others.length) return null;
    return el.apply(null, ["p", { class: "siblings" }].concat(others.map(function (other) {
      const own = other.layer.classes[other.layer.members[other.feature]];
      return el("button", { class: "link", type: "button",
        click: function () { app.choose([other], 0, true); } }, own.title + ":" + title(other));
    })));
  }

  function pager(app, hits, at) {
    if (hits.length < 2) return null;
    const step = function (by) { return function () { app.choose(hits, (at + by + hits.length) % hits.length, hits.far); }; };
    return el("div", { class: "pager" },
      el("button", { type: "button", "aria-label": app.words.previous, click: step(-1) }, "‹"),
      el("span", {}, (hits.far ? "" : app.words.here + " ") + (at + 1) + " / " + hits.length),
      el("button", { type: "button", "aria-label": app.words.next, click: step(1) }, "›"));
  }

  function then(app, target) {
    const layer = target.layer, feature = target.feature;
    if (Atlas.valid(layer, feature, app.state.day)) return null;
    const to = layer.to ? layer.to[feature] : 0, day = to ? to - 1 : layer.from[feature];
    return el("button", { class: "wide", type: "button",
      click: function () { app.setDay(day); } }, app.words.then + " " + Atlas.isoDay(day));
  }

  Atlas.recordElement = function (app, hits, at) {
    const target = hits[at], layer = target.layer, own = layer.classes[layer.members[target.feature]];
    const kind = own.title === layer.title ? layer.title : layer.title + " · " + own.title;
    const said = column(layer, "message");
    const head = title(target) === layer.title && said ? said(target.feature) : title(target);
    /* A click that replaces this record must not reach the map as a click on bare ground. */
    return el("article", { class: "record", click: function (event) { event.stopPropagation(); } },
      el("h2", {}, head),
      el("p", { class: "quiet" }, kind),
      el("div", { class: "scroll" }, el.apply(null, ["table", {}].concat(rows(app, target))), siblings(app, target)),
      then(app, target), pager(app, hits, at));
  };

  /** A few words that tell a record from its namesakes: its division, its years. */
  Atlas.whereabouts = function (app, layer, feature) {
    const parts = [];
    const codes = column(layer, "division_code") || column(layer, "parent_code");
    const code = codes ? codes(feature) : "", target = code ? app.directory().known.get(code) : null;
    if (target) parts.push(title(target)); else if (code) parts.push(code);
    if (layer.to && layer.to[feature]) {
      parts.push((layer.from ? Atlas.isoDay(layer.from[feature]) : "") + "—" + Atlas.isoDay(layer.to[feature]));
    }
    return parts.join(" ");
  };
})();
