/* The side panel: layer tree with legend, and the list of findings. */
(function () {
  "use strict";

  const el = Atlas.element, STEP = 200, MM = 96 / 25.4, SWATCH = 40;

  /* A level of divisions is known by its line: so that stands between two areas, as on the map. */
  function level(pen, own, tints) {
    pen.globalAlpha = own.opacity;
    pen.fillStyle = tints[0]; pen.fillRect(0, 0, SWATCH, 8);
    pen.fillStyle = tints[1]; pen.fillRect(0, 8, SWATCH, 8);
    pen.globalAlpha = 1;
    const wide = Math.max(0.7, own.width * MM * 1.1);
    pen.strokeStyle = own.stroke;
    if (own.width > 0.3) {
      pen.globalAlpha = 0.16; pen.lineWidth = wide * 4;
      pen.beginPath(); pen.moveTo(0, 8); pen.lineTo(SWATCH, 8); pen.stroke();
      pen.globalAlpha = 1;
    }
    pen.lineWidth = wide;
    pen.setLineDash(own.dash.map(function (part) { return part * MM * 0.8; }));
    pen.beginPath(); pen.moveTo(1, 8); pen.lineTo(SWATCH - 1, 8); pen.stroke();
  }

  /** A legend swatch drawn with the map's own strokes and symbols. */
  Atlas.swatch = function (layer, own, tints) {
    const marked = layer.pointsOnly || layer.key === "findings";
    /* A symbol that is larger than a line of the legend keeps its size there: sizes are what it says. */
    const high = marked && own.symbol !== "path" ? Math.min(34, Math.max(16, Math.ceil(2 * own.radius * MM) + 2)) : 16;
    const canvas = el("canvas", { width: 2 * SWATCH, height: 2 * high, class: "swatch", "aria-hidden": "true", style: "height:" + high + "px" });
    const pen = canvas.getContext("2d");
    pen.scale(2, 2);
    if (own.symbol === "path") {
      Atlas.drawSymbol(pen, own, SWATCH / 2, 8, Math.max(3, Math.min(7, own.radius * MM)));
      return canvas;
    }
    const line = !marked && (!own.fill || layer.along && own.kind === "line"), area = !marked && !line;
    if (own.fill === "tint" && own.dash.length) { level(pen, own, tints); return canvas; }
    pen.lineWidth = Math.max(0.8, own.width * MM);
    pen.strokeStyle = own.stroke;
    pen.setLineDash(own.dash.map(function (part) { return part * MM * 0.7; }));
    pen.beginPath();
    if (line) { pen.moveTo(1, 8); pen.lineTo(SWATCH - 1, 8); }
    else if (area) pen.rect(2, 2, SWATCH - 4, 12);
    else Atlas.symbolPath(pen, own.symbol, SWATCH / 2, high / 2, Math.max(2.2, own.radius * MM));
    if (!line) {
      pen.globalAlpha = own.opacity;
      pen.fillStyle = own.fill === "tint" ? tints[0] : Atlas.paint(pen, own);
      if (!own.slant) pen.fill();
      pen.globalAlpha = 1;
    }
    pen.stroke();
    return canvas;
  };

  function check(checked, change, content) {
    const box = el("input", { type: "checkbox" });
    box.checked = checked;
    box.addEventListener("change", function () { change(box.checked); });
    const label = el("label", {}, box);
    content.forEach(function (part) { if (part) label.append(part); });
    return label;
  }

  /* The classes of a layer show while the layer does: what is off takes one row. */
  function layerItem(app, layer) {
    const many = layer.classes.length > 1, inner = el("ul", {});
    const missing = layer.missing ? " (" + layer.missing + " " + app.words.no_place + ")" : "";
    const swatch = many || !layer.classes.length ? null : Atlas.swatch(layer, layer.classes[0], app.state.tints);
    const top = check(layer.visible, function (on) { layer.show(on); app.redraw(); },
      [swatch, el("span", { class: "name" }, layer.title), el("span", { class: "count" }, layer.count + missing)]);
    const rows = layer.classes.map(function (own) {
      if (own.hidden) return null;
      return check(own.visible, function (on) { own.visible = on; app.redraw(); },
        [Atlas.swatch(layer, own, app.state.tints), el("span", { class: "name" }, own.title),
          el("span", { class: "count" }, String(own.count))]);
    });
    if (many) rows.forEach(function (row) { if (row) inner.append(el("li", {}, row)); });
    inner.hidden = !layer.visible || !many;
    layer.show = function (on, feature) {
      layer.visible = top.firstChild.checked = on;
      inner.hidden = !on || !many;
      if (feature === undefined) return;
      const own = layer.members[feature];
      layer.classes[own].visible = true;
      if (rows[own]) rows[own].firstChild.checked = true;
    };
    return el("li", {}, top, inner);
  }

  Atlas.layerTree = function (app) {
    const list = el("ul", { class: "tree" });
    /* what the colours of the map say stands first */
    const tree = app.state.layers.slice().reverse().sort(function (a, b) { return b.lead - a.lead; });
    tree.forEach(function (layer) { list.append(layerItem(app, layer)); });
    list.append(el("li", {}, check(true, function (on) { app.state.labels = on; app.redraw(); },
      [el("span", { class: "name" }, app.words.labels)])));
    if (app.base) {
      list.append(el("li", {}, check(true, function (on) {
        if (on) app.base.addTo(app.map); else app.base.remove();
      }, [el("span", { class: "name" }, app.words.base_map)])));
    }
    return list;
  };

  /** Findings, errors first, one click each; a filter over what they say. */
  Atlas.findingsList = function (app) {
    const layer = app.state.layers.find(function (each) { return each.key === "findings"; });
    if (!layer) return null;
    const said = layer.columns[layer.fields.findIndex(function (field) { return field.key === "message"; })];
    const all = Array.from({ length: layer.count }, function (_, feature) { return { layer: layer, feature: feature }; });
    const list = el("ol", { class: "findings" }), more = el("button", { type: "button", class: "wide" }, app.words.show_more);
    const filter = el("input", { type: "search", placeholder: app.words.filter, "aria-label": app.words.filter });
    let kept = all, shown = 0, current = -1;

    function go(at) {
      current = at;
      const hits = kept.slice();
      hits.far = true;
      app.choose(hits, at, true);
    }

    function item(target, at) {
      const own = layer.classes[layer.members[target.feature]];
      return el("li", {}, el("button", { type: "button", click: function () { go(at); } },
        Atlas.swatch(layer, own, app.state.tints),
        el("span", { class: "name" }, said ? said(target.feature) : layer.label(target.feature)),
        el("span", { class: "count" }, own.title)));
    }

    function grow() {
      kept.slice(shown, shown + STEP).forEach(function (target, at) { list.append(item(target, shown + at)); });
      shown = Math.min(kept.length, shown + STEP);
      more.hidden = shown >= kept.length;
    }

    filter.addEventListener("input", function () {
      const wanted = filter.value.trim().toLowerCase();
      kept = all.filter(function (target) {
        return !wanted || layer.columns.some(function (values) {
          return values(target.feature).toLowerCase().includes(wanted);
        });
      });
      shown = 0;
      list.replaceChildren();
      grow();
    });
    more.addEventListener("click", grow);
    grow();
    const empty = layer.count ? null : el("p", { class: "quiet" }, app.words.no_findings);
    return {
      count: layer.count,
      element: el("div", {}, layer.count ? filter : null, empty, list, more),
      step: function (by) { if (kept.length) go((current + by + kept.length) % kept.length); }
    };
  };

  Atlas.panel = function (app, tabs) {
    const bar = document.getElementById("tabs"), body = document.getElementById("panel-body");
    tabs.forEach(function (tab, at) {
      const button = el("button", { type: "button", role: "tab", "aria-selected": String(!at), click: function () {
        bar.querySelectorAll("button").forEach(function (other) { other.setAttribute("aria-selected", String(other === button)); });
        body.replaceChildren(tab.element);
      } }, tab.title);
      bar.append(button);
    });
    body.replaceChildren(tabs[0].element);
  };
})();
