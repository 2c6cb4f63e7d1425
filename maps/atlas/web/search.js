/* Search over every labelled record: characters, pinyin joined or spaced, initials, former names. */
(function () {
  "use strict";

  const SHOWN = 60, GATHERED = 4000;

  /** Lower case, without tones, spaces and marks: what both sides are compared in. */
  Atlas.plain = function (text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/v/g, "u")
      .replace(/[\s'’·-]/g, "");
  };

  /* One long string a form: a newline, then each record's text; offsets tell whose it is. */
  function book(texts) {
    const starts = new Int32Array(texts.length);
    let length = 1;
    for (let at = 0; at < texts.length; at += 1) {
      starts[at] = length;
      length += texts[at].length + 1;
    }
    return { text: "\n" + texts.join("\n") + "\n", starts: starts };
  }

  function owner(starts, offset) {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle; else high = middle - 1;
    }
    return low;
  }

  function build(layer) {
    const texts = [], pinyin = [], initials = [];
    const read = Atlas.column(layer.pinyin), short = Atlas.column(layer.initials);
    for (let at = 0; at < layer.count; at += 1) {
      texts.push(layer.label(at).toLowerCase().replace(/\s+/g, ""));
      const syllables = read(at);
      pinyin.push(syllables.replace(/v/g, "u").replace(/[\s'’-]/g, ""));
      initials.push(layer.initials ? short(at) : syllables.replace(/(\S)\S*\s*/g, "$1"));
    }
    return { layer: layer, forms: [book(texts), book(pinyin), book(initials)] };
  }

  Atlas.searchIndex = function (layers) {
    return layers.filter(function (layer) { return layer.labelAt >= 0 && layer.searched; }).map(build);
  };

  function gather(found, form, wanted, rank, entry) {
    const past = wanted.length - wanted.replace(/^\n/, "").length;
    let at = form.text.indexOf(wanted), count = 0;
    while (at >= 0 && count < GATHERED) {
      const feature = owner(form.starts, at + past);
      const key = entry.layer.position + ":" + feature;
      if (!found.has(key)) found.set(key, { layer: entry.layer, feature: feature, rank: rank });
      count += 1;
      at = form.text.indexOf(wanted, at + 1);
    }
  }

  /* Divisions before names, names before what else bears a name. */
  function weight(hit) {
    return hit.layer.key === "divisions" ? 0 : hit.layer.key === "names" ? 1 : 2;
  }

  /* The standard name of a division that is found itself: one place is one hit. */
  function doubled(found, hit) {
    if (hit.layer.key !== "names" || !hit.layer.divisionOf) return false;
    const division = hit.layer.divisionOf(hit.feature);
    return Boolean(division) && division.layer.label(division.feature) === hit.layer.label(hit.feature) &&
      found.has(division.layer.position + ":" + division.feature);
  }

  /** Best first: whole, then beginning, then inside; standard names before others, short before long. */
  Atlas.search = function (index, query) {
    const found = new Map(), text = query.toLowerCase().replace(/\s+/g, ""), plain = Atlas.plain(query);
    if (!text) return [];
    const latin = /^[a-z]+$/.test(plain);
    [["\n", "\n"], ["\n", ""], ["", ""]].forEach(function (frame, step) {
      index.forEach(function (entry) {
        const wanted = function (value) { return frame[0] + value + frame[1]; };
        gather(found, entry.forms[0], wanted(text), step * 10, entry);
        if (!latin || (step === 2 && plain.length < 2)) return;
        gather(found, entry.forms[1], wanted(plain), step * 10 + 1, entry);
        gather(found, entry.forms[2], wanted(plain), step * 10 + 2, entry);
      });
    });
    return Array.from(found.values()).filter(function (hit) { return !doubled(found, hit); }).sort(function (a, b) {
      return a.rank - b.rank || weight(a) - weight(b) || a.layer.members[a.feature] - b.layer.members[b.feature] ||
        a.layer.label(a.feature).length - b.layer.label(b.feature).length ||
        a.layer.position - b.layer.position || a.feature - b.feature;
    });
  };

  /** Longitude and latitude when that is what was typed, else null. */
  Atlas.typedPosition = function (text) {
    const parts = text.trim().split(/[\s,,;]+/).map(Number);
    const good = parts.length === 2 && Math.abs(parts[0]) <= 180 && Math.abs(parts[1]) <= 85;
    return good ? parts : null;
  };

  Atlas.searchBox = function (app) {
    const el = Atlas.element, words = app.words;
    const input = document.getElementById("search"), list = document.getElementById("hits");
    let index = null, hits = [], chosen = -1, waiting = 0, closing = 0;
    input.placeholder = words.search;
    input.setAttribute("aria-label", words.search);

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      chosen = -1;
    }

    function pick(at) {
      const hit = hits[at];
      close();
      if (!hit) return;
      input.blur();
      if (hit.position) app.goTo(hit.position);
      else app.choose([hit], 0, true);
    }

    /* The stretches of a road in one division are one hit: one more than are shown is enough. */
    function once(all) {
      const seen = new Set();
      const kept = [];
      for (let at = 0; at < all.length && kept.length <= SHOWN; at += 1) {
        const layer = all[at].layer, feature = all[at].feature;
        if (layer.key === "roads") {
          const told = [layer.label(feature), layer.members[feature], Atlas.pathText(app, layer, feature)].join("\n");
          if (seen.has(told)) continue;
          seen.add(told);
        }
        kept.push(all[at]);
      }
      return kept;
    }

    function row(hit, at) {
      const button = { role: "option", id: "hit" + at, mousedown: function (event) { event.preventDefault(); },
        click: function () { pick(at); } };
      if (hit.position) return el("li", button, words.locate + " " + hit.position.join(", "));
      const layer = hit.layer, feature = hit.feature;
      const first = Atlas.sort(layer, feature).concat(Atlas.pathText(app, layer, feature), Atlas.years(layer, feature));
      const second = [Atlas.position(layer, feature) || words.no_place, Atlas.documents(layer, feature)];
      return el("li", button, el("b", {}, layer.label(feature)), el("span", {}, first.filter(Boolean).join(" · ")),
        el("small", {}, second.filter(Boolean).join(" · ")));
    }

    function prepare() {
      index = index || Atlas.searchIndex(app.state.layers);
      app.directory();
      app.state.layers.forEach(function (layer) {
        const codes = layer.key === "names" ? Atlas.field(layer, "division_code") : null;
        if (codes) layer.divisionOf = function (feature) { return codes(feature) ? Atlas.divisionOf(app, codes(feature)) : null; };
      });
    }

    function show() {
      window.clearTimeout(waiting);
      prepare();
      const typed = Atlas.typedPosition(input.value);
      const all = typed ? [{ position: typed }] : Atlas.search(index, input.value);
      const kept = typed ? all : once(all);
      hits = kept.slice(0, SHOWN);
      list.replaceChildren.apply(list, hits.map(row));
      if (!hits.length) list.append(el("li", { class: "quiet" }, words.no_hits));
      if (kept.length > SHOWN) list.append(el("li", { class: "quiet" }, words.more_hits));
      list.hidden = !input.value.trim() || document.activeElement !== input;
      input.setAttribute("aria-expanded", String(!list.hidden));
      list.setAttribute("aria-busy", "false");
      chosen = -1;
    }

    function move(step) {
      const rows = list.querySelectorAll("[role=option]");
      if (!rows.length) return;
      if (rows[chosen]) rows[chosen].classList.remove("chosen");
      chosen = (chosen + step + rows.length) % rows.length;
      rows[chosen].classList.add("chosen");
      rows[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", rows[chosen].id);
    }

    input.addEventListener("input", function () {
      list.setAttribute("aria-busy", "true");
      window.clearTimeout(waiting);
      window.clearTimeout(closing);
      waiting = window.setTimeout(show, 60);
    });
    input.addEventListener("focus", function () { window.clearTimeout(closing); if (input.value.trim()) show(); });
    input.addEventListener("blur", function () { closing = window.setTimeout(close, 120); });
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown") { move(1); event.preventDefault(); }
      else if (event.key === "ArrowUp") { move(-1); event.preventDefault(); }
      else if (event.key === "Enter") { if (list.hidden || chosen < 0) show(); pick(Math.max(chosen, 0)); }
      else if (event.key === "Escape") { close(); input.blur(); }
    });
    return { prepare: prepare, prepared: function () { return Boolean(index); }, focus: function () { input.focus(); input.select(); } };
  };
})();
