/* Labels that do not collide: greedy, most important first, on a grid of taken boxes. Classes that
   are shown early, before the zoom that the style table gives them, are labelled sparsely. */
(function () {
  "use strict";

  const POLYGON = 1, PIXELS_PER_POINT = 96 / 72, CELL = 48, MOST = 700, TRIES = 6000, FEW = 60, SPARSE = 42;
  const widths = new Map();

  function width(pen, font, text) {
    const key = font + text;
    if (!widths.has(key)) {
      if (widths.size > 50000) widths.clear();
      widths.set(key, pen.measureText(text).width);
    }
    return widths.get(key);
  }

  function Taken() { this.cells = new Map(); }
  Taken.prototype.each = function (box, visit) {
    for (let row = Math.floor(box[1] / CELL); row <= Math.floor(box[3] / CELL); row += 1) {
      for (let column = Math.floor(box[0] / CELL); column <= Math.floor(box[2] / CELL); column += 1) {
        if (visit(row * 4096 + column)) return true;
      }
    }
    return false;
  };
  Taken.prototype.free = function (box) {
    const cells = this.cells;
    return !this.each(box, function (key) {
      return (cells.get(key) || []).some(function (other) {
        return box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1];
      });
    });
  };
  Taken.prototype.add = function (box) {
    const cells = this.cells;
    this.each(box, function (key) {
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(box);
    });
  };

  /* Candidates: areas before lines before points, coarse classes first, large areas first. */
  function candidates(view, seen) {
    const found = [];
    seen.forEach(function (each) {
      const layer = each.layer;
      if (layer.labelAt < 0) return;
      const counts = layer.classes.map(function () { return 0; });
      each.features.forEach(function (feature) { counts[layer.members[feature]] += 1; });
      each.features.forEach(function (feature) {
        const own = layer.members[feature], style = layer.classes[own];
        const early = view.zoom < style.zoom && counts[own] > FEW;
        const at = 4 * feature, b = layer.boxes, area = layer.kinds[feature] === POLYGON;
        const wide = (b[at + 2] - b[at]) * view.scale, high = (b[at + 3] - b[at + 1]) * view.scale;
        if (area && wide > view.screen.x * 0.55 && high > view.screen.y * 0.55) return;
        const size = area ? wide * high : 0;
        const group = area ? own : 20 + (layer.pointsOnly ? 20 : 0) - style.size / 2 + own / 10;
        found.push({ layer: layer, feature: feature, style: style, area: area, wide: wide, group: group, size: size, early: early });
      });
    });
    return found.sort(function (a, b) { return a.group - b.group || b.size - a.size; });
  }

  function boxes(view, one, text, wide, high) {
    const x = (one.layer.x[one.feature] - view.left) * view.scale;
    const y = (one.layer.y[one.feature] - view.top) * view.scale;
    if (one.area || !one.layer.pointsOnly) return [[x - wide / 2, y - high / 2]];
    const gap = one.style.radius * 96 / 25.4 + 2;
    return [[x + gap, y - high / 2], [x - gap - wide, y - high / 2],
            [x - wide / 2, y - gap - high], [x - wide / 2, y + gap]];
  }

  function place(view, taken, one, pen) {
    const text = one.layer.label(one.feature);
    if (!text) return null;
    const high = one.style.size * PIXELS_PER_POINT;
    const font = (one.area && one.group < 3 ? "600 " : "") + high.toFixed(1) + "px " + Atlas.FONT;
    pen.font = font;
    const shown = text.length > 24 ? text.slice(0, 23) + "…" : text;
    const wide = width(pen, font, shown);
    if (one.area && wide > one.wide * 1.5 && one.wide > 0) return null;
    for (const corner of boxes(view, one, text, wide, high)) {
      const padX = one.early ? SPARSE : 4, padY = one.early ? SPARSE * 0.6 : 3;
      const box = [corner[0] - padX, corner[1] - padY, corner[0] + wide + padX, corner[1] + high + padY];
      if (box[2] < 0 || box[3] < 0 || box[0] > view.width || box[1] > view.height) continue;
      if (!taken.free(box)) continue;
      taken.add(box);
      return { text: shown, x: corner[0], y: corner[1] + high / 2, font: font, color: one.style.color, box: box };
    }
    return null;
  }

  /* No label hides a finding. */
  function reserve(view, taken, seen) {
    seen.forEach(function (each) {
      if (each.layer.key !== "findings" || each.features.length > TRIES) return;
      each.features.forEach(function (feature) {
        const x = (each.layer.x[feature] - view.left) * view.scale;
        const y = (each.layer.y[feature] - view.top) * view.scale;
        taken.add([x - 7, y - 7, x + 7, y + 7]);
      });
    });
  }

  /** Draw the labels of what is seen; returns those that found room. */
  Atlas.drawLabels = function (view, seen) {
    const taken = new Taken(), placed = [], told = new Map(), pen = view.pen;
    const all = candidates(view, seen);
    reserve(view, taken, seen);
    for (let at = 0; at < all.length && at < TRIES && placed.length < MOST; at += 1) {
      const text = all[at].layer.label(all[at].feature), before = told.get(text);
      const x = all[at].layer.x[all[at].feature], y = all[at].layer.y[all[at].feature];
      if (before && Math.hypot(before[0] - x, before[1] - y) * view.scale < 90) continue;
      const label = place(view, taken, all[at], pen);
      if (!label) continue;
      told.set(text, [x, y]);
      placed.push(label);
    }
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    placed.forEach(function (label) {
      pen.font = label.font;
      pen.strokeStyle = "rgba(255,255,255,0.88)";
      pen.lineWidth = 3;
      pen.strokeText(label.text, label.x, label.y);
      pen.fillStyle = label.color;
      pen.fillText(label.text, label.x, label.y);
    });
    return placed;
  };
})();
