/* Labels that do not collide: greedy, most important first, on a grid of taken boxes. Classes that
   are shown early, before the zoom that the style table gives them, are labelled sparsely. */
(function () {
  "use strict";

  const POLYGON = 1, LINE = 2, PIXELS_PER_POINT = 96 / 72, CELL = 48, MOST = 700, TRIES = 6000, FEW = 60, SPARSE = 42;
  const EARLY = 2, LONG = 6, SEEN = 14, SMALLER = 0.8, WIDER = 1.5, LARGE = 10, HAN = /[\u2e80-\u9fff]/, PARTED = /^(.{2,}?)(街道办事处|地区办事处|街道)$/, STAY = [[0, 0]],
    SHIFTS = [0, 1.4, -1.4].flatMap(function (down) { return [[0, down], [0.25, down], [-0.25, down]]; }).concat([[0, 2.8], [0, -2.8]]);
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

  /* What is named before what: seats, areas, waters and roads, then things by rank; what is early last. */
  function group(layer, style, own, area) {
    if (style.rank) return style.seat && style.rank < 3 ? style.rank - 2 : 12 + style.rank;
    if (area) return layer.along ? 8 : style.size >= LARGE ? own : 11 + own / 10;
    return layer.along ? 9 + own / 10 : 30 + (layer.pointsOnly ? 20 : 0) - style.size / 2 + own / 10;
  }

  function candidates(view, seen) {
    const found = [];
    seen.forEach(function (each) {
      const layer = each.layer;
      if (layer.labelAt < 0) return;
      const counts = layer.classes.map(function () { return 0; });
      each.features.forEach(function (feature) { counts[layer.members[feature]] += 1; });
      const lines = layer.along ? along(view, layer, counts, found) : null;
      each.features.forEach(function (feature) {
        const own = layer.members[feature], style = layer.classes[own];
        if (style.hidden || lines && (layer.kinds[feature] === LINE || lines.has(layer.label(feature)))) return;
        const early = !style.rank && view.zoom < style.zoom && counts[own] > FEW;
        const at = 4 * feature, b = layer.boxes, area = layer.kinds[feature] === POLYGON;
        const wide = (b[at + 2] - b[at]) * view.scale, high = (b[at + 3] - b[at + 1]) * view.scale;
        if (area && wide > view.screen.x * 0.55 && high > view.screen.y * 0.55) return;
        found.push({
          layer: layer, feature: feature, style: style, area: area, wide: wide, early: early,
          group: group(layer, style, own, area) + (early ? 40 : 0), size: area ? wide * high : 0
        });
      });
    });
    return found.sort(function (a, b) { return a.group - b.group || b.size - a.size; });
  }

  /* A line that is long on the screen is named before its zoom. Returns the names that stand on lines. */
  function along(view, layer, counts, found) {
    const all = Atlas.namedLines(view.state, layer);
    all.forEach(function (named) {
      const own = layer.members[named.feature], style = layer.classes[own];
      if (view.zoom < style.zoom - EARLY && counts[own] > FEW) return;
      const run = Atlas.stretch(view, named);
      if (!run) return;
      const least = view.zoom < style.zoom && counts[own] > FEW ? LONG : 0;
      if (run.length < least * named.text.length * style.size * PIXELS_PER_POINT) return;
      found.push({
        layer: layer, feature: named.feature, style: style, run: run, text: named.text, early: false,
        group: group(layer, style, own, false), size: run.length
      });
    });
    return new Set(all.map(function (named) { return named.text; }));
  }

  function boxes(view, one, beside, wide, high) {
    const x = (one.layer.x[one.feature] - view.left) * view.scale;
    const y = (one.layer.y[one.feature] - view.top) * view.scale;
    if (!beside && (one.area || !one.layer.pointsOnly)) {
      return (one.style.size >= LARGE ? SHIFTS : STAY).map(function (by) {
        return [x - wide / 2 + by[0] * wide, y - high / 2 + by[1] * one.style.size * PIXELS_PER_POINT];
      });
    }
    const gap = beside ? one.wide / 2 + 2 : one.style.radius * 96 / 25.4 + 2;
    return [[x + gap, y - high / 2], [x - gap - wide, y - high / 2],
            [x - wide / 2, y - gap - high], [x - wide / 2, y + gap]];
  }

  function fontOf(one, high) {
    const bold = one.style.bold || one.area && one.group < 3;
    return (one.style.slant ? "italic " : "") + (bold ? "600 " : "") + high.toFixed(1) + "px " + Atlas.FONT;
  }

  function around(boxes) {
    return [0, 1, 2, 3].map(function (side) {
      return Math[side < 2 ? "min" : "max"].apply(null, boxes.map(function (box) { return box[side]; }));
    });
  }

  function placeAlong(taken, one, pen) {
    const high = one.style.size * PIXELS_PER_POINT, font = fontOf(one, high);
    pen.font = font;
    const gap = one.layer.key === "water" ? high * 0.5 : 1;
    const set = Atlas.lettersAlong(one.run, one.text, function (letter) { return width(pen, font, letter); }, high, gap,
      function (box) { return taken.free(box); });
    if (!set) return null;
    set.boxes.forEach(function (box) { taken.add(box); });
    const middle = set.letters[Math.floor(set.letters.length / 2)];
    return { text: one.text, letters: set.letters, x: middle.x, y: middle.y, font: font, color: one.style.color,
      box: around(set.boxes), text_box: around(set.boxes), layer: one.layer, feature: one.feature };
  }

  /* Where a line of a name breaks. The office is no part of a division's name: 街道办事处 may go as 街道. */
  function lines(text) {
    const parted = PARTED.exec(text), half = Math.ceil(text.length / 2);
    if (!parted) return [[text], [text.slice(0, half), text.slice(half)]];
    const kind = parted[2].replace(/办事处$/, "");
    return [[text], [parted[1], parted[2]], [parted[1] + kind], [parted[1], kind]];
  }

  /* How a text may be set: as it is; of an area also in two lines, and smaller. */
  function settings(one, text) {
    if (!one.area || one.style.size < LARGE || text.length < 5 || !HAN.test(text)) return [{ lines: [text], share: 1, room: WIDER }];
    const ways = lines(text);
    /* first what stands in its area from end to end, then what has its middle there, then what juts out */
    return [[1, true], [1, false], [WIDER, false]].flatMap(function (how) {
      return [1, SMALLER].flatMap(function (share) {
        return ways.map(function (way) { return { lines: way, share: share, room: how[0], whole: how[1] }; });
      });
    });
  }

  /* A name that is moved from the middle of its area still stands in it; a whole one with both its ends. */
  function within(view, one, corner, wide, high, whole) {
    return (whole ? [0, 0.5, 1] : [0.5]).every(function (share) {
      const x = (corner[0] + wide * share) / view.scale + view.left, y = (corner[1] + high / 2) / view.scale + view.top;
      return Atlas.inside(one.layer, one.feature, view.arcs, x, y);
    });
  }

  function place(view, taken, one, pen) {
    if (one.run) return placeAlong(taken, one, pen);
    const text = one.layer.label(one.feature);
    if (!text) return null;
    const cut = text.length > 24 ? text.slice(0, 23) + "…" : text;
    const shown = one.style.around ? one.style.around[0] + cut + one.style.around[1] : cut;
    for (const setting of settings(one, shown)) {
      const set = tried(view, taken, one, pen, setting);
      if (set) return Object.assign(set, { text: shown });
    }
    return null;
  }

  function tried(view, taken, one, pen, setting) {
    const size = one.style.size * PIXELS_PER_POINT * setting.share, font = fontOf(one, size);
    pen.font = font;
    const wide = Math.max.apply(null, setting.lines.map(function (line) { return width(pen, font, line); }));
    const step = size * 1.1, high = size + step * (setting.lines.length - 1);
    const beside = one.area && one.layer.along && wide > one.wide;
    if (beside && one.wide < SEEN) return null;
    if (one.area && !beside && wide > one.wide * setting.room && one.wide > 0) return null;
    const spots = boxes(view, one, beside, wide, high);
    for (const corner of spots) {
      const padX = one.early ? SPARSE : 4, padY = one.early ? SPARSE * 0.6 : 3;
      const box = [corner[0] - padX, corner[1] - padY, corner[0] + wide + padX, corner[1] + high + padY];
      if (box[2] < 0 || box[3] < 0 || box[0] > view.width || box[1] > view.height) continue;
      if (!taken.free(box)) continue;
      const own = setting.whole || corner !== spots[0];
      if (one.area && !beside && own && !within(view, one, corner, wide, high, setting.whole)) continue;
      taken.add(box);
      const rows = setting.lines.map(function (line, at) {
        return { text: line, x: corner[0] + (wide - width(pen, font, line)) / 2, y: corner[1] + size / 2 + at * step };
      });
      return { x: rows[0].x, y: rows[0].y, rows: rows, font: font, color: one.style.color, box: box,
        layer: one.layer, feature: one.feature, text_box: [corner[0], corner[1], corner[0] + wide, corner[1] + high] };
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

  /* An area is not named a second time where its seat bears its name. */
  function holds(one, spot) {
    const b = one.layer.boxes, at = 4 * one.feature;
    return spot[0] >= b[at] && spot[0] <= b[at + 2] && spot[1] >= b[at + 1] && spot[1] <= b[at + 3];
  }

  /* No label hides a seat. */
  function seats(view, taken, seen) {
    seen.forEach(function (each) {
      each.features.forEach(function (feature) {
        const own = each.layer.classes[each.layer.members[feature]];
        if (!own.seat || own.rank > 2) return;
        const x = (each.layer.x[feature] - view.left) * view.scale, y = (each.layer.y[feature] - view.top) * view.scale;
        const r = own.radius * 96 / 25.4 - 1;
        taken.add([x - r, y - r, x + r, y + r]);
      });
    });
  }

  function drawAlong(pen, label) {
    pen.textAlign = "center";
    ["strokeText", "fillText"].forEach(function (draw) {
      label.letters.forEach(function (one) {
        pen.save();
        pen.translate(one.x, one.y);
        pen.rotate(one.angle);
        pen[draw](one.letter, 0, 0);
        pen.restore();
      });
    });
    pen.textAlign = "start";
  }

  /** Draw the labels of what is seen; returns those that found room. */
  Atlas.drawLabels = function (view, seen) {
    const taken = new Taken(), placed = [], told = new Map(), pen = view.pen;
    const all = candidates(view, seen);
    reserve(view, taken, seen);
    seats(view, taken, seen);
    for (let at = 0; at < all.length && at < TRIES && placed.length < MOST; at += 1) {
      const one = all[at], text = one.layer.label(one.feature), before = told.get(text);
      const x = one.layer.x[one.feature], y = one.layer.y[one.feature];
      if (before && (Math.hypot(before[0] - x, before[1] - y) * view.scale < 90 || one.area && holds(one, before))) continue;
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
      pen.fillStyle = label.color;
      if (label.letters) { drawAlong(pen, label); return; }
      label.rows.forEach(function (row) { pen.strokeText(row.text, row.x, row.y); });
      label.rows.forEach(function (row) { pen.fillText(row.text, row.x, row.y); });
    });
    return placed;
  };
})();
