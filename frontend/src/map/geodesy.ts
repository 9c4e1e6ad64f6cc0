/** Measures on the ellipsoid WGS 84, in metres. Positions are [longitude, latitude] in degrees. */
export type Position = [number, number];

const A = 6_378_137;
const F = 1 / 298.257223563;
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
/** Radius of the sphere that has the area of the ellipsoid. */
const AUTHALIC_RADIUS = A * Math.sqrt(authalic(1) / 2);
const CLOSE = 1e-12;
const MOST_STEPS = 200;

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Length of the shortest way between two positions (Vincenty, 1975): right to a millimetre, but near antipodes, where the
 * sphere is used. */
export function distance([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const away = radians(lon2 - lon1);
  const u1 = Math.atan((1 - F) * Math.tan(radians(lat1)));
  const u2 = Math.atan((1 - F) * Math.tan(radians(lat2)));
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = away;
  for (let step = 0; step < MOST_STEPS; step++) {
    const sinSigma = Math.hypot(c2 * Math.sin(lambda), c1 * s2 - s1 * c2 * Math.cos(lambda));
    if (sinSigma === 0) return 0;
    const cosSigma = s1 * s2 + c1 * c2 * Math.cos(lambda);
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (c1 * c2 * Math.sin(lambda)) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cosMiddle = cos2Alpha ? cosSigma - (2 * s1 * s2) / cos2Alpha : 0;
    const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const turn = sigma + c * sinSigma * (cosMiddle + c * cosSigma * (2 * cosMiddle ** 2 - 1));
    const next = away + (1 - c) * F * sinAlpha * turn;
    if (Math.abs(next - lambda) < CLOSE) return along(sigma, sinSigma, cosSigma, cos2Alpha, cosMiddle);
    lambda = next;
  }
  return spherical(away, radians(lat1), radians(lat2));
}

function along(sigma: number, sinSigma: number, cosSigma: number, cos2Alpha: number, cosMiddle: number): number {
  const u = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
  const a = 1 + (u / 16384) * (4096 + u * (-768 + u * (320 - 175 * u)));
  const b = (u / 1024) * (256 + u * (-128 + u * (74 - 47 * u)));
  const last = (b / 6) * cosMiddle * (4 * sinSigma ** 2 - 3) * (4 * cosMiddle ** 2 - 3);
  const change = b * sinSigma * (cosMiddle + (b / 4) * (cosSigma * (2 * cosMiddle ** 2 - 1) - last));
  return B * a * (sigma - change);
}

function spherical(away: number, lat1: number, lat2: number): number {
  const h = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(away / 2) ** 2;
  return 2 * AUTHALIC_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

export function length(line: readonly Position[]): number {
  return line.slice(1).reduce((sum, place, index) => sum + distance(line[index] as Position, place), 0);
}

/** Area inside a ring, on the sphere of the same area: latitudes are made authalic first, so that a city, or a country, is right
 * to a hundredth of a percent. The ring need not be closed. */
export function area(ring: readonly Position[]): number {
  let sum = 0;
  ring.forEach(([lon, lat], index) => {
    const [nextLon, nextLat] = ring[(index + 1) % ring.length] as Position;
    sum += excess(around(radians(nextLon - lon)), beta(lat), beta(nextLat));
  });
  return Math.abs(sum) * AUTHALIC_RADIUS ** 2;
}

/** Of the triangle between an edge and the pole of the equator: exact on the sphere. */
function excess(away: number, lat1: number, lat2: number): number {
  const [t1, t2] = [Math.tan(lat1 / 2), Math.tan(lat2 / 2)];
  return 2 * Math.atan2(Math.tan(away / 2) * (t1 + t2), 1 + t1 * t2);
}

function around(angle: number): number {
  return angle > Math.PI ? angle - 2 * Math.PI : angle < -Math.PI ? angle + 2 * Math.PI : angle;
}

function authalic(sine: number): number {
  const es = E * sine;
  return (1 - E2) * (sine / (1 - es ** 2) + Math.atanh(es) / E);
}

/** The authalic latitude. */
function beta(latitude: number): number {
  return Math.asin(Math.max(-1, Math.min(1, authalic(Math.sin(radians(latitude))) / authalic(1))));
}
