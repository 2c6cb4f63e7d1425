/* From which zoom each ranked symbol shows: what matters first, and of that what has room. It does not
   depend on what is in view, so that nothing comes and goes as the map is moved. */
(function () {
  "use strict";

  const SPACE = 24, CROWDED = 3, LAST = 18;

  function Sieve(zoom) { this.cell = SPACE / Math.pow(2, zoom); this.cells = new Map(); }
  Sieve.prototype.key = function (column, row) { return row * 67108864 + column; };
  Sieve.prototype.free = function (x, y) {
    const column = Math.floor(x / this.cell), row = Math.floor(y / this.cell), near = this.cell * this.cell;
    for (let r = row - 1; r <= row + 1; r += 1) {
      for (let c = column - 1; c <= column + 1; c += 1) {
        const held = this.cells.get(this.key(c, r));
        for (let at = 0; held && at < held.length; at += 2) {
          const dx = held[at] - x, dy = held[at + 1] - y;
          if (dx * dx + dy * dy < near) return false;
        }
      }
    }
    return true;
  };
  Sieve.prototype.add = function (x, y) {
    const key = this.key(Math.floor(x / this.cell), Math.floor(y / this.cell)), held = this.cells.get(key);
    if (held) held.push(x, y); else this.cells.set(key, [x, y]);
  };

  function ranked(state, layer) {
    const found = [];
    for (let one = 0; one < layer.count; one += 1) {
      const own = layer.classes[layer.members[one]];
      if (Atlas.shown(state, layer, one) && own.rank && !own.slant) found.push(one);
    }
    const rank = function (one) { return layer.classes[layer.members[one]].rank; };
    return found.sort(function (a, b) { return rank(a) - rank(b) || a - b; });
  }

  function compute(state, layer) {
    const least = new Uint8Array(layer.count), sieves = [];
    for (let zoom = 0; zoom <= LAST; zoom += 1) sieves.push(new Sieve(zoom));
    for (let one = 0; one < layer.count; one += 1) least[one] = layer.classes[layer.members[one]].zoom;
    ranked(state, layer).forEach(function (one) {
      const x = layer.x[one], y = layer.y[one], first = layer.classes[layer.members[one]].zoom;
      const all = Math.min(LAST, first + CROWDED);
      let zoom = first;
      while (zoom < all && !sieves[zoom].free(x, y)) zoom += 1;
      least[one] = zoom;
      for (let at = zoom; at <= LAST; at += 1) sieves[at].add(x, y);
    });
    return least;
  }

  /** The zoom from which each record shows, null for a layer without ranks; kept until day or classes change. */
  Atlas.least = function (state, layer) {
    if (!layer.classes.some(function (own) { return own.rank; })) return null;
    const key = state.day + ":" + layer.classes.map(function (own) { return own.visible ? 1 : 0; }).join("");
    if (layer.leastKey !== key) {
      layer.leastKey = key;
      layer.leastOf = compute(state, layer);
    }
    return layer.leastOf;
  };

  /** Whether a record is on the map at a zoom: switched on, in force, and not given way to others. */
  Atlas.drawn = function (state, layer, feature, zoom) {
    if (layer.classes[layer.members[feature]].hidden || !Atlas.shown(state, layer, feature)) return false;
    const least = Atlas.least(state, layer);
    return !least || least[feature] <= zoom + 0.001;
  };
})();
