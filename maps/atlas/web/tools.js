/* Coordinates under the pointer, measuring, the time slider, the print view. */
(function () {
  "use strict";

  const el = Atlas.element;

  Atlas.coordinateText = function (words, lon, lat) {
    const grid = Atlas.gaussKrueger(lon, lat);
    return {
      geographic: "CGCS2000 " + Atlas.dms(lon) + "E " + Atlas.dms(lat) + "N (" + lon.toFixed(6) + ", " + lat.toFixed(6) + ")",
      grid: "X " + grid.x.toFixed(2) + "  Y " + grid.y.toFixed(2) + "  (3° " + grid.zone + " " + words.zone + ", " +
        words.meridian + " " + grid.meridian + "°)"
    };
  };

  Atlas.coordinates = function (app) {
    const geographic = document.getElementById("geographic"), grid = document.getElementById("grid");
    function show(at) {
      const text = Atlas.coordinateText(app.words, at.lng, at.lat);
      geographic.textContent = text.geographic;
      grid.textContent = text.grid;
    }
    app.map.on("mousemove", function (event) { show(event.latlng.wrap()); });
    app.map.on("move", function () { show(app.map.getCenter().wrap()); });
    show(app.map.getCenter());
  };

  Atlas.measure = function (app) {
    const out = document.getElementById("measured");
    const line = L.polyline([], { color: "#a3174f", weight: 3, dashArray: "6 4", interactive: false });
    const dots = L.layerGroup();
    let on = false, points = [];

    function tell() {
      let length = 0;
      for (let at = 1; at < points.length; at += 1) length += Atlas.distance(points[at - 1], points[at]);
      const parts = points.length < 2 ? [app.words.measure_hint] : [app.words.length + " " + Atlas.metres(length)];
      if (points.length > 2) parts.push(app.words.area + " " + Atlas.squareMetres(Atlas.ringArea(points)) + " = " + Atlas.mu(Atlas.ringArea(points), app.words));
      if (points.length > 1) parts.push(app.words.geodesic);
      out.textContent = parts.join(" · ");
    }

    function set(wanted) {
      on = wanted;
      out.hidden = !on;
      document.getElementById("measure").setAttribute("aria-pressed", String(on));
      app.map.getContainer().classList.toggle("measuring", on);
      app.map.doubleClickZoom[on ? "disable" : "enable"]();
      points = [];
      dots.clearLayers();
      line.setLatLngs([]);
      if (on) { line.addTo(app.map); dots.addTo(app.map); tell(); } else { line.remove(); dots.remove(); }
    }

    return {
      active: function () { return on; },
      toggle: function () { set(!on); },
      stop: function () { set(false); },
      add: function (at) {
        points.push([at.lng, at.lat]);
        line.addLatLng(at);
        dots.addLayer(L.circleMarker(at, { radius: 4, color: "#a3174f", fillColor: "#fff", fillOpacity: 1, interactive: false }));
        tell();
      }
    };
  };

  /* Every day on which something begins or ends. */
  function changes(layers) {
    const days = new Set();
    layers.forEach(function (layer) {
      [layer.from, layer.to].forEach(function (values) {
        if (values) values.forEach(function (day) { if (day) days.add(day); });
      });
    });
    return Array.from(days).sort(function (a, b) { return a - b; });
  }

  /** A slider over the dates of change; null when nothing on the map is dated. */
  Atlas.timeline = function (app, asOf) {
    const days = changes(app.state.layers), box = document.getElementById("time");
    if (!days.length) return null;
    const first = asOf || Atlas.today();
    if (!days.includes(first)) { days.push(first); days.sort(function (a, b) { return a - b; }); }
    const slider = el("input", { type: "range", min: 0, max: days.length - 1, step: 1, "aria-label": app.words.time });
    const date = el("input", { type: "date", "aria-label": app.words.time, min: "0001-01-01", max: "9999-12-31" });
    let playing = 0;

    function show(day) {
      let at = 0;
      while (at + 1 < days.length && days[at + 1] <= day) at += 1;
      slider.value = at;
      slider.setAttribute("aria-valuetext", Atlas.isoDay(day));
      date.value = Atlas.isoDay(day);
    }
    function step(by) { app.setDay(days[Math.max(0, Math.min(days.length - 1, Number(slider.value) + by))]); }
    function stop() { window.clearInterval(playing); playing = 0; play.textContent = "▶"; }
    function toggle() {
      if (playing) { stop(); return; }
      if (Number(slider.value) === days.length - 1) app.setDay(days[0]);
      play.textContent = "❚❚";
      playing = window.setInterval(function () {
        if (Number(slider.value) === days.length - 1) stop(); else step(1);
      }, 900);
    }
    const play = el("button", { type: "button", "aria-label": app.words.play, click: toggle }, "▶");
    slider.addEventListener("input", function () { app.setDay(days[Number(slider.value)]); });
    date.addEventListener("change", function () {
      const parts = date.value.split("-").map(Number), when = new Date(0);
      if (parts.length !== 3) return;
      when.setUTCFullYear(parts[0], parts[1] - 1, parts[2]);
      app.setDay(Math.round(when.getTime() / 86400000) + 719163);
    });
    box.append(play,
      el("button", { type: "button", "aria-label": app.words.previous, click: function () { step(-1); } }, "‹"),
      slider,
      el("button", { type: "button", "aria-label": app.words.next, click: function () { step(1); } }, "›"), date);
    box.hidden = false;
    return { first: first, show: show };
  };

  /* The classes that the sheet shows: what has given way at its zoom stands on no legend. */
  function drawn(app, layer) {
    const found = new Set();
    for (let one = 0; one < layer.count; one += 1) {
      if (Atlas.drawn(app.state, layer, one, app.map.getZoom())) found.add(layer.members[one]);
    }
    return found;
  }

  Atlas.classesThere = drawn;

  /* The sheet has its own frame, legend and size; leaving it brings the map back. */
  Atlas.printView = function (app) {
    const legend = document.getElementById("sheet-legend"), root = document.documentElement;
    function fill() {
      legend.replaceChildren(el("h3", {}, app.words.legend));
      Atlas.legend(app).forEach(function (each) {
        if (each.heading) legend.append(el("h4", {}, each.heading));
        legend.append(el("div", {}, each.swatch, each.title));
      });
      document.getElementById("sheet-date").textContent = app.stated();
    }
    function set(on) {
      const bounds = app.map.getBounds();
      app.map.closePopup();
      root.classList.toggle("printing", on);
      app.map.invalidateSize({ animate: false, pan: false });
      app.map.fitBounds(bounds, { animate: false });
      if (on) fill();
    }
    document.getElementById("sheet-print").addEventListener("click", function () { window.print(); });
    document.getElementById("sheet-close").addEventListener("click", function () { set(false); });
    return {
      active: function () { return root.classList.contains("printing"); },
      open: function () { set(true); }, close: function () { set(false); }
    };
  };
})();
