/* One canvas for all layers: fills, then each stretch of boundary once, then points and labels. */
(function () {
  "use strict";

  const POLYGON = 1, LINE = 2, PIXELS_PER_MM = 96 / 25.4, TOLERANCE = 0.6, CROWD = 3000, RIPE = 75, HATCH = 8;
  let kept = new Int32Array(1024);

  /* Vertices of an arc worth drawing, always chosen forwards so that both sides agree. */
  function thin(view, arc) {
    const arcs = view.arcs, first = arcs.offsets[arc], last = arcs.offsets[arc + 1] - 1;
    if (kept.length < last - first + 1) kept = new Int32Array(last - first + 1);
    const near = TOLERANCE / view.scale, box = view.box, X = arcs.x, Y = arcs.y;
    const side = function (at) {
      return (X[at] < box[0] ? 1 : X[at] > box[2] ? 2 : 0) | (Y[at] < box[1] ? 4 : Y[at] > box[3] ? 8 : 0);
    };
    let count = 1, x = X[first], y = Y[first], out = side(first);
    kept[0] = first;
    for (let at = first + 1; at < last; at += 1) {
      if (Math.abs(X[at] - x) < near && Math.abs(Y[at] - y) < near) continue;
      const own = side(at);
      if (own && (own & out & side(at + 1))) continue;
      kept[count++] = at;
      x = X[at]; y = Y[at]; out = own;
    }
    kept[count++] = last;
    return count;
  }

  function trace(view, arc, reversed, joined) {
    const count = thin(view, arc), X = view.arcs.x, Y = view.arcs.y, pen = view.pen;
    for (let step = 0; step < count; step += 1) {
      const at = kept[reversed ? count - 1 - step : step];
      const x = (X[at] - view.left) * view.scale, y = (Y[at] - view.top) * view.scale;
      if (step === 0 && !joined) pen.moveTo(x, y); else pen.lineTo(x, y);
    }
  }

  function tracePaths(view, layer, feature) {
    let joined = false;
    const close = layer.kinds[feature] === POLYGON;
    Atlas.eachPath(layer, feature, function () {
      if (joined && close) view.pen.closePath();
      joined = false;
    }, function (arc, reversed) {
      trace(view, arc, reversed, joined);
      joined = true;
    });
    if (close) view.pen.closePath();
  }

  /* A symbol of the table, drawn once for each class and then copied. */
  function sprite(own, ratio) {
    if (own.sprite && own.spriteRatio === ratio) return own.sprite;
    const r = own.radius * PIXELS_PER_MM, size = Math.ceil((2 * r + 4) * ratio), canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    Atlas.drawSymbol(canvas.getContext("2d"), own, size / 2 / ratio, size / 2 / ratio, r, ratio);
    own.sprite = canvas; own.spriteRatio = ratio;
    return canvas;
  }

  /** A symbol of the table in its colour on white, around a point, in pixels. */
  Atlas.drawSymbol = function (pen, own, x, y, r, ratio) {
    pen.save();
    if (ratio) pen.scale(ratio, ratio);
    pen.translate(x, y);
    pen.scale(r, r);
    const path = new Path2D(own.path);
    pen.lineJoin = "round";
    pen.strokeStyle = "rgba(255, 255, 255, 0.9)";
    pen.lineWidth = 2.4 / r;
    pen.stroke(path);
    if (own.ground) { pen.fillStyle = "#ffffff"; pen.fill(new Path2D(own.ground)); }
    pen.fillStyle = own.fill;
    pen.fill(path, "evenodd");
    pen.restore();
  };

  /** What an area is filled with: a colour, or slanted lines in that of its edge on white. */
  Atlas.paint = function (pen, own) {
    if (own.fill !== "hatch") return own.fill;
    if (!own.hatch) {
      const tile = document.createElement("canvas"), size = HATCH;
      tile.width = tile.height = size;
      const line = tile.getContext("2d");
      line.fillStyle = "#ffffff"; line.fillRect(0, 0, size, size);
      line.strokeStyle = own.stroke; line.lineWidth = size / 5;
      line.beginPath();
      [-size, 0, size].forEach(function (shift) { line.moveTo(shift, size); line.lineTo(shift + 2 * size, -size); });
      line.stroke();
      own.hatch = tile;
    }
    return pen.createPattern(own.hatch, "repeat");
  };

  function sprites(view, layer, members, own) {
    const image = sprite(own, view.ratio), size = image.width / view.ratio;
    members.forEach(function (feature) {
      Atlas.eachPoint(layer, feature, function (x, y) {
        view.pen.drawImage(image, (x - view.left) * view.scale - size / 2, (y - view.top) * view.scale - size / 2, size, size);
      });
    });
  }

  function groups(layer, features) {
    const found = layer.classes.map(function () { return []; });
    features.forEach(function (feature) { found[layer.members[feature]].push(feature); });
    return found;
  }

  /* Of the divisions the coarsest that has two areas or more is filled, the finer ones are lines: so the
     townships are told apart by colour. */
  function tinted(view, layer) {
    const key = view.state.day + ":" + layer.classes.map(function (own) { return own.visible ? 1 : 0; }).join("");
    if (layer.tintedKey === key) return layer.tinted;
    const counts = layer.classes.map(function () { return 0; });
    for (let one = 0; one < layer.count; one += 1) {
      if (layer.kinds[one] === POLYGON && Atlas.shown(view.state, layer, one)) counts[layer.members[one]] += 1;
    }
    layer.tintedKey = key;
    layer.tinted = counts.findIndex(function (count, at) { return count > 1 && layer.classes[at].fill === "tint"; });
    return layer.tinted;
  }

  /* Area by area: in one path, areas that overlap would cut holes into each other. */
  function fill(view, layer, members, own) {
    if (!own.fill) return;
    view.pen.globalAlpha = own.opacity;
    members.forEach(function (feature) {
      if (layer.kinds[feature] !== POLYGON) return;
      view.pen.beginPath();
      tracePaths(view, layer, feature);
      view.pen.fillStyle = own.fill === "tint" ? view.tints[layer.tints[feature]] : Atlas.paint(view.pen, own);
      view.pen.fill("evenodd");
    });
    view.pen.globalAlpha = 1;
  }

  /* Arcs of each class that no class before it has: the county's line hides the township's. */
  function strokes(view, layer, grouped, only) {
    view.stamp += 1;
    return grouped.map(function (members) {
      const found = [];
      members.forEach(function (feature) {
        const kind = layer.kinds[feature];
        if (only ? kind !== only : kind !== POLYGON && kind !== LINE) return;
        Atlas.eachPath(layer, feature, function () {}, function (arc) {
          if (view.seen[arc] === view.stamp) return;
          view.seen[arc] = view.stamp;
          found.push(arc);
        });
      });
      return found;
    });
  }

  /* How large the areas of a class are on the screen, on average, in pixels. */
  function extent(view, layer, members) {
    let sum = 0, areas = 0;
    members.forEach(function (feature) {
      if (layer.kinds[feature] !== POLYGON) return;
      const b = layer.boxes, at = 4 * feature;
      sum += Math.max(b[at + 2] - b[at], b[at + 3] - b[at + 1]) * view.scale;
      areas += 1;
    });
    return areas ? sum / areas : Infinity;
  }

  /* Small areas get finer lines without dashes, or the lines would cover the map. */
  function fineness(view, layer, members) {
    return Math.max(0.22, Math.min(1, extent(view, layer, members) / 70));
  }

  /* Divisions of a lower level wait until they are large enough to tell apart. */
  function unripe(view, layer, grouped) {
    let coarser = false;
    return grouped.map(function (members, at) {
      if (!members.length || layer.classes[at].fill !== "tint") return false;
      const wait = coarser && extent(view, layer, members) < RIPE;
      coarser = true;
      return wait;
    });
  }

  function stroke(view, found, own, fine, banded) {
    if (!found.length) return;
    const width = Math.max(0.35, own.width * PIXELS_PER_MM * fine), pen = view.pen;
    pen.beginPath();
    found.forEach(function (arc) { trace(view, arc, false, false); });
    pen.strokeStyle = own.stroke;
    if (banded && fine > 0.6) {
      pen.globalAlpha = 0.16;
      pen.lineWidth = width * 4;
      pen.stroke();
      pen.globalAlpha = 1;
    }
    pen.lineWidth = width;
    if (fine > 0.6) pen.setLineDash(own.dash.map(function (part) { return part * PIXELS_PER_MM; }));
    pen.stroke();
    pen.setLineDash([]);
  }

  Atlas.symbolPath = function (pen, symbol, x, y, r) {
    if (symbol === "square") pen.rect(x - r, y - r, 2 * r, 2 * r);
    else if (symbol === "circle") { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 7); }
    else {
      const down = symbol === "diamond" ? 1.25 * r : 0.8 * r;
      pen.moveTo(x, y - 1.25 * r);
      pen.lineTo(x + 1.1 * r, symbol === "diamond" ? y : y + down);
      if (symbol === "diamond") pen.lineTo(x, y + down);
      pen.lineTo(x - 1.1 * r, symbol === "diamond" ? y : y + down);
      pen.closePath();
    }
  };

  function points(view, layer, members, own) {
    if (own.hidden || !members.length) return;
    if (own.symbol === "path") { sprites(view, layer, members, own); return; }
    const pen = view.pen, crowded = members.length > CROWD;
    const radius = crowded ? 1 : Math.max(1.5, own.radius * PIXELS_PER_MM);
    pen.beginPath();
    members.forEach(function (feature) {
      const kind = layer.kinds[feature];
      if (kind === LINE) return;
      if (kind === POLYGON && !(layer.key === "findings" && small(view, layer, feature))) return;
      Atlas.eachPoint(layer, feature, function (x, y) {
        const px = (x - view.left) * view.scale, py = (y - view.top) * view.scale;
        if (crowded) pen.rect(px - 0.5, py - 0.5, 1, 1);
        else Atlas.symbolPath(pen, own.symbol, px, py, radius);
      });
    });
    pen.fillStyle = !own.fill || own.fill === "tint" ? own.stroke : own.fill;
    pen.strokeStyle = own.stroke;
    pen.lineWidth = own.width * PIXELS_PER_MM;
    pen.globalAlpha = crowded ? 0.35 : own.opacity;
    if (!own.slant) pen.fill();
    if (own.slant) pen.setLineDash(own.dash.map(function (part) { return part * PIXELS_PER_MM; }));
    if (!crowded) pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  /* A finding smaller than its symbol is marked by the symbol, or nobody would see it. */
  function small(view, layer, feature) {
    const b = layer.boxes, at = 4 * feature;
    return Math.max(b[at + 2] - b[at], b[at + 3] - b[at + 1]) * view.scale < 14;
  }

  function outlines(view, layer, grouped, only) {
    const found = strokes(view, layer, grouped, only);
    for (let at = found.length - 1; at >= 0; at -= 1) {
      const own = layer.classes[at];
      stroke(view, found[at], own, only ? 1 : fineness(view, layer, grouped[at]), own.fill === "tint" && own.dash.length && own.width > 0.3);
    }
  }

  function drawLayer(view, layer, features) {
    const grouped = groups(layer, features);
    unripe(view, layer, grouped).forEach(function (waits, at) { if (waits) grouped[at] = []; });
    if (!layer.pointsOnly) {
      /* the line of a river does not show within its bed */
      if (layer.mixed) outlines(view, layer, grouped, LINE);
      layer.classes.forEach(function (own, at) {
        const only = own.fill === "tint" ? tinted(view, layer) : -1;
        if (only < 0 || only === at) fill(view, layer, grouped[at], own);
      });
      outlines(view, layer, grouped, layer.mixed ? POLYGON : 0);
    }
    layer.classes.forEach(function (own, at) { points(view, layer, grouped[at], own); });
  }

  function highlight(view, chosen) {
    if (!chosen || !chosen.layer.placed[chosen.feature]) return;
    const pen = view.pen, layer = chosen.layer, kind = layer.kinds[chosen.feature];
    pen.beginPath();
    if (kind === POLYGON || kind === LINE) tracePaths(view, layer, chosen.feature);
    else Atlas.eachPoint(layer, chosen.feature, function (x, y) {
      Atlas.symbolPath(pen, "circle", (x - view.left) * view.scale, (y - view.top) * view.scale, 9);
    });
    pen.lineJoin = "round";
    pen.strokeStyle = "#ffffff"; pen.lineWidth = 6; pen.stroke();
    pen.strokeStyle = "#d55e00"; pen.lineWidth = 3; pen.stroke();
  }

  function watermark(view, text) {
    if (!text) return;
    const pen = view.pen;
    pen.save();
    pen.font = "600 17px " + Atlas.FONT;
    pen.fillStyle = "rgba(150, 20, 20, 0.13)";
    pen.rotate(-Math.PI / 8);
    const step = pen.measureText(text).width + 110, reach = view.width + view.height;
    for (let y = -reach; y < reach; y += 150) {
      const shift = Math.round(y / 150) % 2 ? step / 2 : 0;
      for (let x = -reach; x < reach; x += step) pen.fillText(text, x + shift, y);
    }
    pen.restore();
  }

  Atlas.FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif';

  Atlas.Canvas = L.Renderer.extend({
    options: { padding: 0.25 },
    initialize: function (state) {
      L.Renderer.prototype.initialize.call(this, {});
      this.state = state;
      this.seen = new Int32Array(state.arcs.offsets.length);
      this.stamp = 0;
    },
    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._pen = this._container.getContext("2d");
    },
    _destroyContainer: function () { this._container.remove(); },
    _updatePaths: function () {},
    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      this.redraw();
    },
    element: function () { return this._container; },
    corner: function () { return this._bounds.min; },
    view: function () {
      const size = this._bounds.getSize(), scale = Math.pow(2, this._zoom);
      const corner = this._map.getPixelOrigin().add(this._bounds.min);
      const left = corner.x / scale, top = corner.y / scale, edge = 40 / scale;
      return {
        ratio: Math.min(window.devicePixelRatio || 1, 2), state: this.state,
        pen: this._pen, arcs: this.state.arcs, tints: this.state.tints, seen: this.seen, stamp: this.stamp,
        scale: scale, left: left, top: top, width: size.x, height: size.y, zoom: this._zoom,
        screen: this._map.getSize(), inset: this._bounds.min,
        box: [left - edge, top - edge, left + size.x / scale + edge, top + size.y / scale + edge]
      };
    },
    redraw: function () {
      if (!this._map || !this._bounds || this.state.starting) return;
      const ratio = this.state.fine ? 3 : Math.min(window.devicePixelRatio || 1, 2), size = this._bounds.getSize();
      this._container.width = size.x * ratio;
      this._container.height = size.y * ratio;
      this._container.style.width = size.x + "px";
      this._container.style.height = size.y + "px";
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      const view = this.view(), state = this.state;
      this._pen.lineJoin = "round";
      const seen = state.layers.filter(function (layer) { return layer.visible; }).map(function (layer) {
        const features = Atlas.within(layer, view.box).filter(function (feature) {
          return Atlas.drawn(state, layer, feature, view.zoom);
        });
        drawLayer(view, layer, features);
        return { layer: layer, features: features };
      });
      this.stamp = view.stamp;
      highlight(view, state.chosen);
      state.placedLabels = state.labels ? Atlas.drawLabels(view, seen) : [];
      watermark(view, state.draft);
    }
  });
})();
