/* Puts the parts together. */
(function () {
  "use strict";

  const CLOSE = 17, CLOSEST = 19;
  const byId = function (id) { return document.getElementById(id); };

  function shared(pack, map) {
    const read = Atlas.read(pack);
    const app = {
      map: map, words: pack.words, language: pack.language,
      state: {
        arcs: read.arcs, layers: read.layers, tints: pack.tints, day: 0, labels: true,
        draft: pack.review ? "" : pack.words.draft, chosen: null, placedLabels: [], starting: true
      }
    };
    let directory = null;
    app.directory = function () {
      directory = directory || Atlas.directory(read.layers);
      return directory;
    };
    return app;
  }

  function moving(app) {
    const canvas = new Atlas.Canvas(app.state).addTo(app.map);
    app.canvas = canvas;
    app.redraw = function () { canvas.redraw(); };
    app.onCanvas = function (latlng) { return app.map.latLngToLayerPoint(latlng).subtract(canvas.corner()); };
    app.goTo = function (position) {
      const at = L.latLng(position[1], position[0]);
      app.map.setView(at, Math.max(app.map.getZoom(), 14), { animate: false });
      const text = Atlas.coordinateText(app.words, position[0], position[1]);
      app.map.closePopup();
      L.popup({ autoPan: false }).setLatLng(at).setContent(Atlas.element("div", {}, text.geographic, Atlas.element("br"), text.grid)).openOn(app.map);
    };
    app.home = function () {
      const visible = app.state.layers.filter(function (layer) { return layer.visible; });
      /* Land before points, shown or not: one name in the wrong place must not shrink the county to a dot. */
      const land = function (layers) {
        return Atlas.extent(layers.filter(function (layer) { return !layer.pointsOnly && layer.key !== "findings"; }));
      };
      const box = land(visible) || land(app.state.layers) || Atlas.extent(visible) || Atlas.extent(app.state.layers);
      if (!box) return false;
      app.map.fitBounds(bounds(box), {
        animate: false, maxZoom: 15, paddingTopLeft: [24, 24], paddingBottomRight: [24, app.time ? 76 : 24]
      });
      return true;
    };
    app.setDay = function (day) {
      app.state.day = day;
      if (app.time) app.time.show(day);
      byId("state").textContent = app.stated();
      app.redraw();
    };
  }

  function bounds(box) {
    const a = Atlas.lonLat(box[0], box[3]), b = Atlas.lonLat(box[2], box[1]);
    return L.latLngBounds([a[1], a[0]], [b[1], b[0]]);
  }

  /* Leaflet's own panning glides: a button would slip away from under the finger that is pressing it.
     This one moves at once, so that what is clicked is what was seen. */
  function reveal(app, card) {
    const inside = card.getBoundingClientRect(), frame = app.map.getContainer().getBoundingClientRect();
    const over = function (low, high, least, most) { return low < least ? low - least : Math.max(0, Math.min(high - most, low - least)); };
    const by = [over(inside.left, inside.right, frame.left + 10, frame.right - 10),
      over(inside.top, inside.bottom, frame.top + 10, frame.bottom - (app.time ? 60 : 10))];
    if (by[0] || by[1]) app.map.panBy(by, { animate: false });
  }

  /* Where the popup points: into the view when the record is larger than it. */
  function choosing(app) {
    app.choose = function (hits, at, move) {
      const target = hits[at], layer = target.layer, feature = target.feature;
      app.state.chosen = target;
      layer.show(true, feature);
      byId("app").classList.remove("open");
      if (!layer.placed[feature]) {
        app.popup(app.map.getCenter(), hits, at);
        return;
      }
      const box = Array.from(layer.boxes.subarray(4 * feature, 4 * feature + 4));
      /* A finding opens at its own scale: a gap of a metre must be seen as one. */
      const closest = layer.key === "findings" ? CLOSEST : Math.max(Math.min(app.map.getZoom(), CLOSE), 14);
      if (move) app.map.fitBounds(bounds(box), { animate: false, maxZoom: closest, padding: [60, 60] });
      const place = Atlas.lonLat(layer.x[feature], layer.y[feature]);
      app.popup(!move && hits.latlng ? hits.latlng : L.latLng(place[1], place[0]), hits, at);
    };
    app.popup = function (latlng, hits, at) {
      app.redraw();
      app.card.setLatLng(latlng).setContent(Atlas.recordElement(app, hits, at));
      if (!app.map.hasLayer(app.card)) app.card.openOn(app.map);
      reveal(app, app.card.getElement());
    };
    app.card = L.popup({ maxWidth: 330, minWidth: 220, autoPan: false });
    app.card.on("remove", function () { app.state.chosen = null; app.redraw(); });
    app.identify = function (latlng) {
      const under = Atlas.at(app.state, Atlas.worldX(latlng.lng), Atlas.worldY(latlng.lat), app.map.getZoom());
      const point = app.onCanvas(latlng), named = Atlas.labelAt(app.state, point.x, point.y);
      const about = named && under.length && under[0].layer.key === "thematic" &&
        under[0].layer.label(under[0].feature) === named.layer.label(named.feature);
      const hits = !named || about ? under : [named].concat(under.filter(function (each) {
        return each.layer !== named.layer || each.feature !== named.feature;
      }));
      hits.latlng = latlng;
      if (hits.length) app.choose(hits, 0, false); else app.map.closePopup();
    };
    app.map.on("click", function (event) {
      if (app.measure.active()) app.measure.add(event.latlng); else app.identify(event.latlng.wrap());
    });
  }

  function keys(app) {
    const does = {
      "/": app.search.focus, m: app.measure.toggle, h: app.home,
      n: function () { if (app.findings) app.findings.step(1); },
      p: function () { if (app.findings) app.findings.step(-1); },
      Enter: function () { app.identify(app.map.getCenter()); },
      Escape: function () {
        if (app.sheet.active()) app.sheet.close();
        else if (app.measure.active()) app.measure.stop();
        else { app.map.closePopup(); byId("app").classList.remove("open"); }
      }
    };
    document.addEventListener("keydown", function (event) {
      const typing = event.target.matches("input:not([type=checkbox])") && event.key !== "Escape";
      const pressing = event.key === "Enter" && event.target.matches("button, input");
      if (event.ctrlKey || event.metaKey || event.altKey || typing || pressing) return;
      const act = Object.prototype.hasOwnProperty.call(does, event.key) ? does[event.key] : null;
      if (!act) return;
      event.preventDefault();
      act();
    });
  }

  function buttons(app) {
    const click = function (id, title, act) {
      byId(id).title = title;
      byId(id).setAttribute("aria-label", title);
      byId(id).addEventListener("click", act);
    };
    click("menu", app.words.menu, function () {
      byId("app").classList.toggle("open");
      document.documentElement.classList.toggle("shut");
      app.map.invalidateSize({ animate: false });
    });
    click("home", app.words.home, app.home);
    click("measure", app.words.measure, app.measure.toggle);
    click("print", app.words.print, app.sheet.open);
    click("locate", app.words.locate_me, Atlas.locateMe(app));
    click("picture", app.words.picture, function () { Atlas.savePicture(app); });
    byId("sheet-print").textContent = app.words.print;
    byId("sheet-close").textContent = app.words.close;
    byId("north").textContent = app.words.north_arrow;
    byId("keys").textContent = app.words.keys;
  }

  function headings(app, pack) {
    const said = pack.review || pack.words.draft;
    document.title = pack.title;
    ["title", "sheet-title"].forEach(function (id) { byId(id).textContent = pack.title; });
    ["notice", "sheet-notice"].forEach(function (id) { byId(id).textContent = said; });
    byId("classification").textContent = pack.notice || "";
    /* the day that the map shows, and up to which event its data go */
    app.stated = function () {
      const day = app.state.day ? app.words.shown_day + " " + Atlas.isoDay(app.state.day) : "";
      return [day, pack.stated || ""].filter(Boolean).join(pack.language === "zh" ? "，" : ", ");
    };
    byId("state").textContent = app.stated();
    byId("app").classList.toggle("reviewed", Boolean(pack.review));
  }

  function draw(map, pack) {
    const app = shared(pack, map);
    map.attributionControl.setPrefix(false);
    headings(app, pack);
    if (pack.base_map) app.base = L.tileLayer(pack.base_map.url, pack.base_map.options).addTo(map);
    moving(app);
    app.measure = Atlas.measure(app);
    choosing(app);
    app.search = Atlas.searchBox(app);
    app.findings = Atlas.findingsList(app);
    app.sheet = Atlas.printView(app);
    Atlas.onPaper(app);
    const tabs = [{ title: app.words.layers, element: Atlas.layerTree(app) }];
    if (app.findings) tabs.push({ title: app.words.findings + " " + app.findings.count, element: app.findings.element });
    Atlas.panel(app, tabs);
    app.time = Atlas.timeline(app, pack.as_of);
    if (app.time) app.setDay(app.time.first);
    document.documentElement.classList.toggle("timed", Boolean(app.time));
    buttons(app);
    keys(app);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    map.invalidateSize({ animate: false });
    if (!app.home()) {
      map.setView([35, 105], 4, { animate: false });
      byId("empty").textContent = app.words.empty_map;
      byId("empty").hidden = false;
    }
    app.state.starting = false;
    app.redraw();
    Atlas.coordinates(app);
    window.addEventListener("resize", function () { map.invalidateSize({ animate: false }); });
    return app;
  }

  /* The browser paints what was written before it goes on. */
  function told(line, text) {
    if (text) line.firstChild.data = text;
    return new Promise(function (go) { window.setTimeout(go, 0); });
  }

  /** Unpacks, draws and indexes; `data-ready` stands on the page as soon as it answers a search. */
  Atlas.start = function (map) {
    const line = byId("progress"), holder = byId("atlas-contents");
    if (typeof DecompressionStream === "undefined") {
      line.firstChild.data = line.dataset.old;
      return Promise.resolve();
    }
    let app = null;
    return told(line).then(function () {
      return Atlas.unpacked(holder.textContent);
    }).then(function (pack) {
      holder.remove();
      app = draw(map, pack);
      return told(line, app.words.indexing);
    }).then(function () {
      app.search.prepare();
      line.remove();
      window.atlas = app;
      document.documentElement.dataset.ready = String(Math.round(performance.now()));
    }).catch(function (error) {
      line.firstChild.data = line.dataset.damaged;
      throw error;
    });
  };
})();
