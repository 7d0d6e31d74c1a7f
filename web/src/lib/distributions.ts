/** Probabilities that tests of hypotheses need. */

const LANCZOS = [
  0.999_999_999_999_809_9, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12,
  9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
];
const SMALLEST = 1e-300;
const PRECISION = 1e-15;
const MAX_ROUNDS = 500;

/**
 * ln Γ(x) for x > 0, to about 1e-14.
 *
 * Source: Lanczos, "A Precision Approximation of the Gamma Function", SIAM J. Numer. Anal. B 1 (1964),
 * with g = 7 and nine coefficients.
 */
function logGamma(x: number): number {
  const shifted = x - 1;
  const t = shifted + 7.5;
  const sum = LANCZOS.slice(1).reduce(
    (total, coefficient, at) => total + coefficient / (shifted + at + 1),
    LANCZOS[0] ?? 0,
  );
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * The regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 ≤ x ≤ 1.
 *
 * I_x(a, b) = x^a (1−x)^b / (a B(a, b)) · 1/(1 + d₁/(1 + d₂/(1 + …))), the continued fraction evaluated
 * by Lentz's method; where x > (a+1)/(a+b+2) by I_x(a, b) = 1 − I_{1−x}(b, a), as it converges slowly.
 *
 * Source: NIST Digital Library of Mathematical Functions, 8.17.22 and 8.17.4.
 */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MAX_ROUNDS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return (front * fraction) / a;
}

/** Lentz's method divides by its terms: none may be 0. */
function away(value: number): number {
  return Math.abs(value) < SMALLEST ? SMALLEST : value;
}

/**
 * P(|T| ≥ |t|) for Student's t with ν > 0 degrees of freedom, which need not be whole.
 *
 * P = I_x(ν/2, 1/2) with x = ν / (ν + t²).
 *
 * Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.1 with 26.5.27.
 */
export function studentTwoSided(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/**
 * The t ≥ 0 with P(|T| ≥ t) = `share`, by bisection of `studentTwoSided`.
 *
 * @param share Above 0 and below 1; 0.05 gives the factor of a 95 % interval.
 */
export function studentCritical(share: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (studentTwoSided(high, degrees) > share && high < 1e12) high *= 2;
  for (let round = 0; round < 200 && high - low > PRECISION * high; round += 1) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, degrees) > share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * P(|Z| ≥ |z|) for the standard normal distribution: erfc(|z| / √2).
 *
 * By the series of erf below 2.5 and the continued fraction of erfc from there, to about 1e-13.
 *
 * Source: NIST Digital Library of Mathematical Functions, 7.6.2 and 7.9.1.
 */
export function normalTwoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; n < MAX_ROUNDS && term > PRECISION * sum; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let tail = 0;
  for (let n = 100; n >= 1; n -= 1) tail = n / 2 / (x + tail);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + tail);
}
