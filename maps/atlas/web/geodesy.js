/* CGCS2000 (EPSG:4490): Gauss-Krueger, lengths and areas on the ellipsoid, degrees in words. */
(function () {
  "use strict";

  const A = 6378137, F = 1 / 298.257222101;
  const B = A * (1 - F), E2 = F * (2 - F), E = Math.sqrt(E2), N = F / (2 - F);
  const RAD = Math.PI / 180;
  const RECTIFYING = (A / (1 + N)) * (1 + N * N / 4 + Math.pow(N, 4) / 64);
  const KRUEGER = [
    N / 2 - 2 * N * N / 3 + 5 * Math.pow(N, 3) / 16 + 41 * Math.pow(N, 4) / 180,
    13 * N * N / 48 - 3 * Math.pow(N, 3) / 5 + 557 * Math.pow(N, 4) / 1440,
    61 * Math.pow(N, 3) / 240 - 103 * Math.pow(N, 4) / 140,
    49561 * Math.pow(N, 4) / 161280
  ];

  /** Northing X and easting Y (m, with zone prefix) in the point's own 3 degree zone. */
  Atlas.gaussKrueger = function (lon, lat) {
    const zone = Math.round(lon / 3), meridian = zone * 3;
    const sine = Math.sin(lat * RAD), along = (lon - meridian) * RAD;
    const t = Math.sinh(Math.atanh(sine) - E * Math.atanh(E * sine));
    const xi = Math.atan2(t, Math.cos(along));
    const eta = Math.asinh(Math.sin(along) / Math.hypot(t, Math.cos(along)));
    let north = xi, east = eta;
    KRUEGER.forEach(function (alpha, at) {
      const k = 2 * (at + 1);
      north += alpha * Math.sin(k * xi) * Math.cosh(k * eta);
      east += alpha * Math.cos(k * xi) * Math.sinh(k * eta);
    });
    return {
      zone: zone, meridian: meridian,
      x: RECTIFYING * north, y: zone * 1e6 + 500000 + RECTIFYING * east
    };
  };

  /** Length in metres of the geodesic between two points (Vincenty's inverse formula). */
  Atlas.distance = function (from, to) {
    const L = (to[0] - from[0]) * RAD;
    const u1 = Math.atan((1 - F) * Math.tan(from[1] * RAD));
    const u2 = Math.atan((1 - F) * Math.tan(to[1] * RAD));
    const s1 = Math.sin(u1), c1 = Math.cos(u1), s2 = Math.sin(u2), c2 = Math.cos(u2);
    let lambda = L, sinSigma, cosSigma, sigma, cos2Alpha, cosM;
    for (let step = 0; step < 50; step += 1) {
      const sinL = Math.sin(lambda), cosL = Math.cos(lambda);
      sinSigma = Math.hypot(c2 * sinL, c1 * s2 - s1 * c2 * cosL);
      if (sinSigma === 0) return 0;
      cosSigma = s1 * s2 + c1 * c2 * cosL;
      sigma = Math.atan2(sinSigma, cosSigma);
      const sinAlpha = c1 * c2 * sinL / sinSigma;
      cos2Alpha = 1 - sinAlpha * sinAlpha;
      cosM = cos2Alpha ? cosSigma - 2 * s1 * s2 / cos2Alpha : 0;
      const C = F / 16 * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
      const next = L + (1 - C) * F * sinAlpha *
        (sigma + C * sinSigma * (cosM + C * cosSigma * (2 * cosM * cosM - 1)));
      const done = Math.abs(next - lambda) < 1e-12;
      lambda = next;
      if (done) break;
    }
    const w = cos2Alpha * (A * A - B * B) / (B * B);
    const p = 1 + w / 16384 * (4096 + w * (-768 + w * (320 - 175 * w)));
    const q = w / 1024 * (256 + w * (-128 + w * (74 - 47 * w)));
    const turn = q * sinSigma * (cosM + q / 4 * (cosSigma * (2 * cosM * cosM - 1) -
      q / 6 * cosM * (4 * sinSigma * sinSigma - 3) * (4 * cosM * cosM - 3)));
    return B * p * (sigma - turn);
  };

  function authalicQ(sine) {
    return (1 - E2) * (sine / (1 - E2 * sine * sine) + Math.atanh(E * sine) / E);
  }

  /** Area in square metres inside a ring of points, on the sphere of equal area. */
  Atlas.ringArea = function (points) {
    const whole = authalicQ(1), radius2 = A * A * whole / 2;
    const beta = points.map(function (point) {
      return Math.asin(authalicQ(Math.sin(point[1] * RAD)) / whole);
    });
    let excess = 0;
    points.forEach(function (point, at) {
      const next = (at + 1) % points.length;
      const half = (points[next][0] - point[0]) * RAD / 2;
      const t = Math.tan(beta[at] / 2), u = Math.tan(beta[next] / 2);
      excess += 2 * Math.atan2(Math.tan(half) * (t + u), 1 + t * u);
    });
    return Math.abs(excess) * radius2;
  };

  /** Degrees, minutes and seconds with a tenth, e.g. 116°23'45.6". */
  Atlas.dms = function (degrees) {
    const tenths = Math.round(Math.abs(degrees) * 36000);
    const whole = Math.floor(tenths / 36000), minutes = Math.floor(tenths % 36000 / 600);
    const seconds = (tenths % 600 / 10).toFixed(1);
    return (degrees < 0 ? "-" : "") + whole + "°" + String(minutes).padStart(2, "0") + "′" +
      seconds.padStart(4, "0") + "″";
  };

  Atlas.metres = function (length) {
    return length < 10000 ? length.toFixed(1) + " m" : (length / 1000).toFixed(3) + " km";
  };

  /** An area in mu (亩): fifteen are a hectare. */
  Atlas.mu = function (area, words) { return (area * 15 / 10000).toFixed(2) + " " + words.mu; };

  Atlas.squareMetres = function (area) {
    return area < 1e6 ? area.toFixed(0) + " m²" : (area / 1e6).toFixed(3) + " km²";
  };
})();
