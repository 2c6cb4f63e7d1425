/* The popup of a record: what it says, what else is here, and links to the records it names. */
(function () {
  "use strict";

  const el = Atlas.element, SIBLINGS = 12;
  /* Ids and keys of our own files: they are for machines alone. */
  const KEY = /^([0-9a-f]{12,16}|[A-Za-z_][A-Za-z0-9_:./-]*)$/;

  function title(target) {
    const layer = target.layer, named = Atlas.field(layer, "name");
    return layer.label(target.feature) || (named ? named(target.feature) : "") || Atlas.sort(layer, target.feature)[0];
  }

  function linked(app, value, current) {
    /* A stretch of a line is known by the line's code and its number: LINE:2. */
    const target = Atlas.known(app, value) || Atlas.known(app, value.split(":")[0]);
    if (!target) return KEY.test(value) ? "" : value;
    if (target.layer === current.layer && target.feature === current.feature) return title(target);
    return link(app, target, title(target));
  }

  function link(app, target, text) {
    return el("button", { class: "link", type: "button", click: function () { app.choose([target], 0, true); } }, text);
  }

  function row(name, content) {
    return el("tr", {}, el("th", { scope: "row" }, name), content);
  }

  /* Attributes are JSON of titles and texts: one row each; whatever is no JSON is shown as it stands. */
  function attributes(value) {
    try {
      const known = JSON.parse(value);
      return Object.keys(known).map(function (key) { return row(key, el("td", {}, String(known[key]))); });
    } catch (error) {
      return null;
    }
  }

  /* Where it lies: its divisions, each a link, and its position. */
  function whereabouts(app, target) {
    const layer = target.layer, feature = target.feature, found = [];
    const path = Atlas.path(app, layer, feature);
    if (path.length) {
      const cell = el("td", { class: "path" });
      path.forEach(function (each) { cell.append(link(app, each, title(each))); });
      found.push(row(app.words.path, cell));
    }
    const position = Atlas.position(layer, feature);
    if (position) found.push(row(Atlas.positionTitle(app.words, layer, feature), el("td", {}, position)));
    return found;
  }

  function rows(app, target) {
    const layer = target.layer, sorts = Atlas.sort(layer, target.feature);
    return whereabouts(app, target).concat(layer.fields.flatMap(function (field, at) {
      const value = layer.columns[at](target.feature);
      if (!value || field.silent || at === layer.labelAt || field.key === "message") return [];
      /* What the head says already; a number is told even where its class is that number alone. */
      if (sorts.includes(value) && (layer.key !== "thematic" || field.key === "thematic_class")) return [];
      if (layer.key === "zones" && field.key === "code") return [];
      const known = field.key === "attributes" ? attributes(value) : null;
      if (known) return known;
      const cell = el("td", {}), said = field.link ? value.split(/[、,;\s]+/) : [value];
      const parts = field.link ? said.map(function (part) { return linked(app, part, target); }).filter(Boolean) : said;
      parts.forEach(function (part, place) { cell.append(place ? "、" : "", part); });
      return parts.length ? [row(field.title, cell)] : [];
    }));
  }

  /* Other names of the same thing. */
  function siblings(app, target) {
    const things = Atlas.field(target.layer, "thing_id") || Atlas.field(target.layer, "id");
    const thing = things ? things(target.feature) : "";
    const others = (app.directory().names.get(thing) || []).filter(function (other) {
      return other.layer !== target.layer || other.feature !== target.feature;
    }).slice(0, SIBLINGS);
    if (!others.length) return null;
    return el.apply(null, ["p", { class: "siblings" }].concat(others.map(function (other) {
      const own = other.layer.classes[other.layer.members[other.feature]];
      return el("button", { class: "link", type: "button",
        click: function () { app.choose([other], 0, true); } }, own.title + "：" + title(other));
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
    const target = hits[at], layer = target.layer, sorts = Atlas.sort(layer, target.feature);
    const kind = [layer.title].concat(sorts.filter(function (each) { return each !== layer.title; })).join(" · ");
    const said = Atlas.field(layer, "message");
    const head = layer.labelAt < 0 && said ? said(target.feature) : title(target);
    /* A click that replaces this record must not reach the map as a click on bare ground. */
    return el("article", { class: "record", click: function (event) { event.stopPropagation(); } },
      el("h2", {}, head),
      el("p", { class: "quiet" }, kind),
      el("div", { class: "scroll" }, el.apply(null, ["table", {}].concat(rows(app, target))), siblings(app, target)),
      then(app, target), pager(app, hits, at));
  };
})();
