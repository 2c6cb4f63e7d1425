/* Layers as typed arrays: no object for a feature. World units: 256 wide, Web Mercator. */
(function () {
  "use strict";

  const POLYGON = 1, LINE = 2, POINTS = 3, CELLS = 64;

  Atlas.worldX = function (lon) { return (lon + 180) / 360 * 256; };
  Atlas.worldY = function (lat) {
    const sine = Math.sin(Math.max(-85, Math.min(85, lat)) * Math.PI / 180);
    return 128 - 64 * Math.log((1 + sine) / (1 - sine)) / Math.PI;
  };
  Atlas.lonLat = function (x, y) {
    return [x / 256 * 360 - 180, Math.atan(Math.sinh((128 - y) / 128 * Math.PI)) * 180 / Math.PI];
  };

  function projected(values, scale, project) {
    const found = new Float64Array(values.length);
    for (let at = 0; at < values.length; at += 1) found[at] = project(values[at] / scale);
    return found;
  }

  function readArcs(packed, scale) {
    const sizes = Atlas.varints(packed.sizes);
    const offsets = new Int32Array(sizes.length + 1);
    for (let arc = 0; arc < sizes.length; arc += 1) offsets[arc + 1] = offsets[arc] + sizes[arc];
    return {
      offsets: offsets,
      x: projected(Atlas.deltas(packed.x), scale, Atlas.worldX),
      y: projected(Atlas.deltas(packed.y), scale, Atlas.worldY)
    };
  }

  /* For each feature its kind and where its run of numbers starts (at the count of paths). */
  function readShapes(layer, count, base64) {
    layer.kinds = new Uint8Array(count);
    layer.starts = new Int32Array(count);
    layer.run = Atlas.varints(base64);
    let at = 0;
    for (let feature = 0; feature < count && base64; feature += 1) {
      const kind = layer.run[at];
      layer.kinds[feature] = kind;
      layer.starts[feature] = at + 1;
      at += 1;
      if (!kind) continue;
      let paths = layer.run[at];
      for (at += 1; paths > 0; paths -= 1) at += layer.run[at] + 1;
    }
  }

  function readBoxes(layer, arcs) {
    const boxes = new Float64Array(4 * layer.count);
    for (let feature = 0; feature < layer.count; feature += 1) {
      let west = layer.x[feature], east = west, north = layer.y[feature], south = north;
      Atlas.eachVertex(layer, feature, arcs, function (x, y) {
        if (x < west) west = x; else if (x > east) east = x;
        if (y < north) north = y; else if (y > south) south = y;
      });
      boxes.set([west, north, east, south], 4 * feature);
    }
    layer.boxes = boxes;
  }

  /** Call back with (first, past the last, is reversed) of each arc, path by path. */
  Atlas.eachPath = function (layer, feature, begin, arc) {
    const run = layer.run;
    let at = layer.starts[feature];
    for (let paths = run[at++]; paths > 0; paths -= 1) {
      begin();
      for (let refs = run[at++]; refs > 0; refs -= 1, at += 1) {
        arc(Math.floor(run[at] / 2), run[at] % 2 === 1);
      }
    }
  };

  Atlas.eachVertex = function (layer, feature, arcs, visit) {
    const kind = layer.kinds[feature];
    if (kind === POINTS) Atlas.eachPoint(layer, feature, visit);
    if (kind !== POLYGON && kind !== LINE) return;
    Atlas.eachPath(layer, feature, function () {}, function (arc) {
      for (let at = arcs.offsets[arc]; at < arcs.offsets[arc + 1]; at += 1) {
        visit(arcs.x[at], arcs.y[at]);
      }
    });
  };

  /** The points of a multipoint (a single point is its anchor). */
  Atlas.eachPoint = function (layer, feature, visit) {
    if (layer.kinds[feature] !== POINTS) {
      visit(layer.x[feature], layer.y[feature]);
      return;
    }
    const run = layer.run;
    let at = layer.starts[feature];
    for (let paths = run[at++]; paths > 0; paths -= 1) {
      let x = 0, y = 0;
      for (let rest = run[at++]; rest > 0; rest -= 2, at += 2) {
        x += Atlas.signed(run[at]);
        y += Atlas.signed(run[at + 1]);
        visit(Atlas.worldX(x / layer.scale), Atlas.worldY(y / layer.scale));
      }
    }
  };

  /* Positions of features sorted by cell of a grid, so that a view reads only what it shows. */
  function readGrid(layer) {
    let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
    for (let at = 0; at < layer.count; at += 1) {
      if (!layer.placed[at]) continue;
      west = Math.min(west, layer.x[at]); east = Math.max(east, layer.x[at]);
      north = Math.min(north, layer.y[at]); south = Math.max(south, layer.y[at]);
    }
    const size = Math.max(east - west, south - north, 1e-9) / (CELLS - 0.001);
    const cell = function (at) {
      return Math.floor((layer.y[at] - north) / size) * CELLS + Math.floor((layer.x[at] - west) / size);
    };
    const starts = new Int32Array(CELLS * CELLS + 1), members = new Int32Array(layer.count);
    for (let at = 0; at < layer.count; at += 1) if (layer.placed[at]) starts[cell(at) + 1] += 1;
    for (let at = 0; at < CELLS * CELLS; at += 1) starts[at + 1] += starts[at];
    const next = starts.slice();
    for (let at = 0; at < layer.count; at += 1) if (layer.placed[at]) members[next[cell(at)]++] = at;
    layer.grid = { west: west, north: north, size: size, starts: starts, members: members };
  }

  function clamp(cell) { return Math.max(0, Math.min(CELLS - 1, Math.floor(cell))); }

  /** Features whose box meets a box of the world: [west, north, east, south]. */
  Atlas.within = function (layer, box) {
    const found = [];
    if (layer.grid) {
      const grid = layer.grid;
      const left = clamp((box[0] - grid.west) / grid.size), right = clamp((box[2] - grid.west) / grid.size);
      const top = clamp((box[1] - grid.north) / grid.size), bottom = clamp((box[3] - grid.north) / grid.size);
      for (let row = top; row <= bottom; row += 1) {
        const end = grid.starts[row * CELLS + right + 1];
        for (let at = grid.starts[row * CELLS + left]; at < end; at += 1) {
          const one = grid.members[at];
          if (layer.x[one] >= box[0] && layer.x[one] <= box[2] &&
              layer.y[one] >= box[1] && layer.y[one] <= box[3]) found.push(one);
        }
      }
      return found.sort(function (a, b) { return a - b; });
    }
    const boxes = layer.boxes;
    for (let one = 0, at = 0; one < layer.count; one += 1, at += 4) {
      if (layer.placed[one] && boxes[at] <= box[2] && boxes[at + 2] >= box[0] &&
          boxes[at + 1] <= box[3] && boxes[at + 3] >= box[1]) found.push(one);
    }
    return found;
  };

  function readLayer(body, position, pack, arcs) {
    const scale = Math.pow(10, pack.decimals), count = body.count;
    const layer = {
      position: position, key: body.key, title: body.title, count: count, scale: scale,
      classes: body.classes.map(function (own) { return Object.assign({ visible: true, count: 0 }, own); }),
      visible: body.visible, searched: body.searched, along: Boolean(body.along), lead: Boolean(body.lead), fields: body.fields, labelAt: body.label,
      x: projected(Atlas.deltas(body.x), scale, Atlas.worldX),
      y: projected(Atlas.deltas(body.y), scale, Atlas.worldY),
      placed: new Uint8Array(count).fill(1),
      members: body.members ? Uint8Array.from(Atlas.varints(body.members)) : new Uint8Array(count),
      tints: body.tints ? Uint8Array.from(Atlas.varints(body.tints)) : null,
      from: body.from ? Int32Array.from(Atlas.varints(body.from)) : null,
      to: body.to ? Int32Array.from(Atlas.varints(body.to)) : null,
      pinyin: body.pinyin || null, initials: body.initials || null
    };
    const missing = Atlas.deltas(body.missing);
    missing.forEach(function (at) { layer.placed[at] = 0; });
    layer.missing = missing.length;
    layer.members.forEach(function (own) { layer.classes[own].count += 1; });
    layer.columns = body.fields.map(Atlas.column);
    layer.label = body.label < 0 ? function () { return ""; } : layer.columns[body.label];
    layer.pointsOnly = !body.shapes;
    readShapes(layer, count, body.shapes);
    layer.mixed = layer.along && layer.kinds.includes(POLYGON) && layer.kinds.includes(LINE);
    readBoxes(layer, arcs);
    if (layer.pointsOnly && count > CELLS) readGrid(layer);
    return layer;
  }

  /** Whether a record is valid on a day (0: any day); intervals are half-open. */
  Atlas.valid = function (layer, feature, day) {
    if (!day) return true;
    const from = layer.from ? layer.from[feature] : 0, to = layer.to ? layer.to[feature] : 0;
    return from <= day && (!to || day < to);
  };

  Atlas.read = function (pack) {
    const arcs = readArcs(pack.arcs, Math.pow(10, pack.decimals));
    const layers = pack.layers.map(function (body, at) { return readLayer(body, at, pack, arcs); });
    return { arcs: arcs, layers: layers };
  };

  /** The box of everything placed, or null. */
  Atlas.extent = function (layers) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    layers.forEach(function (layer) {
      for (let one = 0, at = 0; one < layer.count; one += 1, at += 4) {
        if (!layer.placed[one]) continue;
        box[0] = Math.min(box[0], layer.boxes[at]); box[1] = Math.min(box[1], layer.boxes[at + 1]);
        box[2] = Math.max(box[2], layer.boxes[at + 2]); box[3] = Math.max(box[3], layer.boxes[at + 3]);
      }
    });
    return box[0] <= box[2] ? box : null;
  };
})();
