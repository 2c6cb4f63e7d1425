/* Taking the map along: where the reader stands, a picture of what is shown, the sheet on paper. */
(function () {
  "use strict";

  const el = Atlas.element, HEAD = 46, FOOT = 30, SIDE = 230, LINE = 22, EDGE = 12;

  /** A line over the map that tells one thing and goes by itself. */
  Atlas.tell = function (text) {
    const line = document.getElementById("told");
    line.textContent = text;
    line.hidden = !text;
    window.clearTimeout(Atlas.tell.waiting);
    Atlas.tell.waiting = window.setTimeout(function () { line.hidden = true; }, 8000);
  };

  /** Where the reader stands: the device is asked once, nothing is sent anywhere. WGS 84 counts as CGCS2000. */
  Atlas.locateMe = function (app) {
    let ring = null;
    function found(where) {
      const at = [where.coords.longitude, where.coords.latitude], wide = where.coords.accuracy;
      if (ring) ring.remove();
      ring = L.circle([at[1], at[0]], { radius: wide, color: "#0b5c8c", weight: 2, fillOpacity: 0.12, interactive: false }).addTo(app.map);
      app.goTo(at);
      Atlas.tell(app.words.accuracy + " " + Math.round(wide) + " m");
    }
    return function () {
      if (!navigator.geolocation) { Atlas.tell(app.words.locate_failed); return; }
      navigator.geolocation.getCurrentPosition(found, function () { Atlas.tell(app.words.locate_failed); },
        { enableHighAccuracy: true, timeout: 15000 });
    };
  };

  /** The classes that are shown, as they stand in a legend: [{swatch, title}]. */
  Atlas.legend = function (app) {
    return app.state.layers.slice().reverse().flatMap(function (layer) {
      if (!layer.visible || !layer.count) return [];
      const there = Atlas.classesThere(app, layer);
      return layer.classes.filter(function (own, at) {
        return own.visible && !own.hidden && (layer.key === "thematic" || own.count && there.has(at));
      }).map(function (own, at) {
        return { heading: at ? "" : layer.key === "thematic" ? layer.title : "", swatch: Atlas.swatch(layer, own, app.state.tints), title: own.title };
      });
    });
  };

  function background(pen, wide, high, ratio) {
    pen.scale(ratio, ratio);
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, wide, high);
  }

  function frame(pen, x, y, wide, high) {
    pen.strokeStyle = "#1f2733";
    pen.lineWidth = 1.5;
    pen.strokeRect(x, y, wide, high);
  }

  function write(pen, text, x, y, font, color, align) {
    pen.font = font + " " + Atlas.FONT;
    pen.fillStyle = color || "#1f2733";
    pen.textAlign = align || "start";
    pen.textBaseline = "middle";
    pen.fillText(text, x, y);
  }

  function legend(app, pen, x, y, high) {
    let at = y + 14;
    write(pen, app.words.legend, x + SIDE / 2, at, "600 15px", "", "center");
    for (const each of Atlas.legend(app)) {
      const step = Math.max(LINE, each.swatch.height / 2 + 2);
      if (at + step + (each.heading ? LINE : 0) > y + high) break;
      if (each.heading) { at += LINE; write(pen, each.heading, x + EDGE, at, "600 13px"); }
      at += step / 2 + LINE / 4;
      pen.drawImage(each.swatch, x + EDGE, at - each.swatch.height / 4, each.swatch.width / 2, each.swatch.height / 2);
      write(pen, each.title, x + EDGE + each.swatch.width / 2 + 8, at, "13px");
      at += step / 2 - LINE / 4;
    }
  }

  function scale(app, pen, x, y) {
    const bar = document.querySelector(".leaflet-control-scale-line");
    if (!bar) return;
    pen.fillStyle = "#1f2733";
    pen.fillRect(x, y, bar.offsetWidth, 3);
    write(pen, bar.textContent, x + bar.offsetWidth + 6, y, "12px");
  }

  /** The map as a picture: title, what is seen, legend, scale, day, classification and notice. */
  Atlas.picture = function (app) {
    const size = app.map.getSize(), source = app.canvas.element(), ratio = source.width / source.clientWidth;
    const high = HEAD + size.y + FOOT, wide = size.x + SIDE + 2 * EDGE, made = el("canvas", { width: wide * ratio, height: high * ratio });
    const pen = made.getContext("2d"), from = app.onCanvas(app.map.containerPointToLatLng([0, 0]));
    background(pen, wide, high, ratio);
    pen.drawImage(source, from.x * ratio, from.y * ratio, size.x * ratio, size.y * ratio, EDGE, HEAD, size.x, size.y);
    frame(pen, EDGE, HEAD, size.x, size.y);
    write(pen, document.getElementById("title").textContent, wide / 2, HEAD / 2, "600 20px", "", "center");
    legend(app, pen, EDGE + size.x, HEAD, size.y);
    scale(app, pen, EDGE + 10, HEAD + size.y - 14);
    const foot = [document.getElementById("classification").textContent, app.stated()].filter(Boolean).join("  ");
    write(pen, foot, EDGE, high - FOOT / 2, "12px");
    write(pen, document.getElementById("notice").textContent, wide - EDGE, high - FOOT / 2, "600 12px", "#a3174f", "right");
    return made;
  };

  /** Save it, under the title of the map. */
  Atlas.savePicture = function (app) {
    Atlas.picture(app).toBlob(function (blob) {
      const link = el("a", { href: URL.createObjectURL(blob), download: document.title.replace(/[\\/:*?"<>|]/g, "_") + ".png" });
      link.click();
      window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
    }, "image/png");
  };

  /* The browser's own printing, from wherever it is asked for: the sheet takes the size of the paper first. */
  Atlas.onPaper = function (app) {
    const root = document.documentElement;
    let before = false;
    window.addEventListener("beforeprint", function () {
      before = app.sheet.active();
      root.classList.add("paper");
      app.state.fine = true;
      app.sheet.open();
    });
    window.addEventListener("afterprint", function () {
      root.classList.remove("paper");
      app.state.fine = false;
      if (before) app.sheet.open(); else app.sheet.close();
    });
  };
})();
