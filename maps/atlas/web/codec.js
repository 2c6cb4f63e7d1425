/* Reads what Python packed: variable-length numbers, differences, text columns, days. */
var Atlas = {};

(function () {
  "use strict";

  /** Whole numbers >= 0 of 7 bits a byte, lowest first, from base64. */
  Atlas.varints = function (base64) {
    const bytes = atob(base64 || "");
    const found = new Float64Array(bytes.length);
    let count = 0, value = 0, unit = 1;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes.charCodeAt(at);
      value += (byte & 127) * unit;
      if (byte < 128) {
        found[count] = value;
        count += 1;
        value = 0;
        unit = 1;
      } else {
        unit *= 128;
      }
    }
    return found.subarray(0, count);
  };

  /** The contents of the page, a promise: JSON, gzipped, in base64. Works from a file, without a network. */
  Atlas.unpacked = function (base64) {
    const text = atob(base64), bytes = new Uint8Array(text.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at);
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(plain).json();
  };

  /** The sign stands in the lowest bit. */
  Atlas.signed = function (value) {
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };

  /** Whole numbers from their consecutive differences. */
  Atlas.deltas = function (base64) {
    const found = Atlas.varints(base64);
    let last = 0;
    for (let at = 0; at < found.length; at += 1) {
      last += Atlas.signed(found[at]);
      found[at] = last;
    }
    return found;
  };

  /** A function from the position of a record to its text. */
  Atlas.column = function (packed) {
    if (!packed) return function () { return ""; };
    if (packed.values) return function (at) { return packed.values[at]; };
    const positions = Atlas.varints(packed.positions);
    return function (at) { return packed.distinct[positions[at]]; };
  };

  /* Day 1 is 0001-01-01; a Date counts from 1970-01-01, day 719163. */
  const UNIX_DAY = 719163, MILLISECONDS = 86400000;

  /** Today where the reader is. */
  Atlas.today = function () {
    const now = new Date();
    return Math.round(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / MILLISECONDS) + UNIX_DAY;
  };

  Atlas.isoDay = function (day) {
    return day ? new Date((day - UNIX_DAY) * MILLISECONDS).toISOString().slice(0, 10) : "";
  };

  /** An element with attributes, listeners (functions) and children; strings become text nodes. */
  Atlas.element = function (tag, attributes) {
    const made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (key) {
      const value = attributes[key];
      if (typeof value === "function") made.addEventListener(key, value);
      else if (value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
    });
    Array.prototype.slice.call(arguments, 2).forEach(function (child) {
      if (child !== null && child !== undefined) made.append(child);
    });
    return made;
  };
})();
