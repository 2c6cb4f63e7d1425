/* Names along lines: the pieces that bear one name are joined, and the name stands on them once. */
(function () {
  "use strict";

  const LINE = 2, PLACES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9], BEND = 0.75, STRAIGHT = 0.72, HAN = /[\u2e80-\u9fff]/;

  function polylines(layer, feature, arcs) {
    const found = [];
    let line = null;
    Atlas.eachPath(layer, feature, function () { line = []; found.push(line); }, function (arc, reversed) {
      const first = arcs.offsets[arc], last = arcs.offsets[arc + 1] - 1;
      for (let step = line.length ? 1 : 0; step <= last - first; step += 1) {
        const at = reversed ? last - step : first + step;
        line.push(arcs.x[at], arcs.y[at]);
      }
    });
    return found;
  }

  function head(line) { return line[0] + "," + line[1]; }
  function tail(line) { return line[line.length - 2] + "," + line[line.length - 1]; }
  function turned(line) {
    const found = [];
    for (let at = line.length - 2; at >= 0; at -= 2) found.push(line[at], line[at + 1]);
    return found;
  }

  /* Pieces end to end, as far as they go. */
  function joined(pieces) {
    const ends = new Map(), used = new Set(), found = [];
    const put = function (key, piece) { if (!ends.has(key)) ends.set(key, []); ends.get(key).push(piece); };
    pieces.forEach(function (piece) { put(head(piece), piece); put(tail(piece), piece); });
    const next = function (key) {
      return (ends.get(key) || []).find(function (piece) { return !used.has(piece); });
    };
    pieces.forEach(function (piece) {
      if (used.has(piece)) return;
      used.add(piece);
      let chain = piece;
      for (let side = 0; side < 2; side += 1) {
        for (let other = next(tail(chain)); other; other = next(tail(chain))) {
          used.add(other);
          chain = chain.concat((head(other) === tail(chain) ? other : turned(other)).slice(2));
        }
        chain = turned(chain);
      }
      found.push(chain);
    });
    return found;
  }

  function boxOf(chain) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = 0; at < chain.length; at += 2) {
      box[0] = Math.min(box[0], chain[at]); box[2] = Math.max(box[2], chain[at]);
      box[1] = Math.min(box[1], chain[at + 1]); box[3] = Math.max(box[3], chain[at + 1]);
    }
    return box;
  }

  function compute(state, layer) {
    const named = new Map();
    for (let one = 0; one < layer.count; one += 1) {
      const text = layer.kinds[one] === LINE && Atlas.shown(state, layer, one) ? layer.label(one) : "";
      if (!text) continue;
      if (!named.has(text)) named.set(text, { text: text, feature: one, pieces: [] });
      const group = named.get(text);
      /* a road of several classes is labelled as its highest */
      if (layer.members[one] < layer.members[group.feature]) group.feature = one;
      polylines(layer, one, state.arcs).forEach(function (line) { if (line.length > 2) group.pieces.push(line); });
    }
    return Array.from(named.values()).map(function (group) {
      const chains = joined(group.pieces);
      return { text: group.text, feature: group.feature, chains: chains, boxes: chains.map(boxOf) };
    });
  }

  /** The named lines of a layer, each once: {text, feature, chains}. */
  Atlas.namedLines = function (state, layer) {
    const key = state.day + ":" + layer.classes.map(function (own) { return own.visible ? 1 : 0; }).join("");
    if (layer.namedKey !== key) {
      layer.namedKey = key;
      layer.named = compute(state, layer);
    }
    return layer.named;
  };

  /** The longest stretch of a named line on the screen, in pixels: {x, y, far, length}. */
  Atlas.stretch = function (view, named) {
    const edge = [view.width / 6, view.height / 6, view.width * 5 / 6, view.height * 5 / 6];
    let best = null;
    named.chains.forEach(function (chain, which) {
      const box = named.boxes[which], v = view.box;
      if (box[0] > v[2] || box[2] < v[0] || box[1] > v[3] || box[3] < v[1]) return;
      let run = null;
      const done = function () { if (run && (!best || run.length > best.length)) best = run; run = null; };
      for (let at = 0; at < chain.length; at += 2) {
        const x = (chain[at] - view.left) * view.scale, y = (chain[at + 1] - view.top) * view.scale;
        if (x < edge[0] || x > edge[2] || y < edge[1] || y > edge[3]) { done(); continue; }
        if (!run) run = { x: [], y: [], far: [], length: 0 };
        const size = run.x.length;
        if (size) run.length += Math.hypot(x - run.x[size - 1], y - run.y[size - 1]);
        run.x.push(x); run.y.push(y); run.far.push(run.length);
      }
      done();
    });
    return best;
  };

  function point(run, far) {
    const wanted = Math.max(0, Math.min(run.length, far));
    let low = 0, high = run.far.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (run.far[middle] <= wanted) low = middle; else high = middle;
    }
    const span = run.far[high] - run.far[low], share = span ? (wanted - run.far[low]) / span : 0;
    return [run.x[low] + (run.x[high] - run.x[low]) * share, run.y[low] + (run.y[high] - run.y[low]) * share];
  }

  /* Small bends are smoothed away, or the letters would dance. */
  function smooth(run, far, reach) {
    const a = point(run, far - reach), b = point(run, far), c = point(run, far + reach);
    return [(a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3];
  }

  function glyphs(run, letters, sizes, start, high, gap) {
    const found = [];
    let far = start;
    letters.forEach(function (letter, at) {
      const middle = far + sizes[at] / 2, reach = Math.max(high, 10);
      const spot = smooth(run, middle, reach * 0.6), a = point(run, middle - reach), b = point(run, middle + reach);
      found.push({ letter: letter, x: spot[0], y: spot[1], angle: Math.atan2(b[1] - a[1], b[0] - a[0]) });
      far += sizes[at] + gap;
    });
    return found;
  }

  function bent(found) {
    const first = found[0], last = found[found.length - 1];
    let way = 0;
    for (let at = 1; at < found.length; at += 1) {
      const turn = Math.abs(found[at].angle - found[at - 1].angle);
      if (Math.min(turn, 2 * Math.PI - turn) > BEND) return true;
      way += Math.hypot(found[at].x - found[at - 1].x, found[at].y - found[at - 1].y);
    }
    return way > 0 && Math.hypot(last.x - first.x, last.y - first.y) < STRAIGHT * way;
  }

  /* Chinese runs from left to right, or down where the line is steep, and its letters stay upright. */
  function backwards(found, down) {
    const first = found[0], last = found[found.length - 1];
    const one = found.length === 1;
    const dx = one ? Math.cos(first.angle) : last.x - first.x, dy = one ? Math.sin(first.angle) : last.y - first.y;
    return down ? dy < 0 : dx < 0;
  }

  function steep(run, from, to) {
    const a = point(run, from), b = point(run, to);
    return Math.abs(b[1] - a[1]) > Math.abs(b[0] - a[0]);
  }

  function reversed(run) {
    const size = run.x.length - 1, far = run.far.map(function (_, at) { return run.length - run.far[size - at]; });
    return { x: run.x.slice().reverse(), y: run.y.slice().reverse(), far: far, length: run.length };
  }

  /** Where the letters of a text stand on a stretch, or null where none of the places is free. */
  Atlas.lettersAlong = function (run, text, measure, high, gap, free) {
    const letters = Array.from(text), sizes = letters.map(measure), han = HAN.test(text);
    const wide = sizes.reduce(function (sum, size) { return sum + size + gap; }, -gap);
    if (run.length < wide + high) return null;
    for (const place of PLACES) {
      const start = Math.max(0, Math.min(run.length - wide, run.length * place - wide / 2));
      const down = han && steep(run, start, start + wide);
      let found = glyphs(run, letters, sizes, start, high, gap);
      if (backwards(found, down)) found = glyphs(reversed(run), letters, sizes, run.length - start - wide, high, gap);
      if (bent(found)) continue;
      found.forEach(function (one) { if (down) one.angle -= Math.PI / 2; });
      const half = high / 2 + 1.5;
      const boxes = found.map(function (one) { return [one.x - half, one.y - half, one.x + half, one.y + half]; });
      if (boxes.every(free)) return { letters: found, boxes: boxes };
    }
    return null;
  };
})();
