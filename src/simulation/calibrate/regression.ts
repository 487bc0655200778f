/** A straight line through points, by least squares, and how sure its slope is. */

export interface Line {
  readonly slope: number;
  /** The slope is between these in 95 of 100 cases. */
  readonly slopeRange: readonly [least: number, most: number];
  /** The value at 0. */
  readonly offset: number;
  /** Share of the values' variance that the line explains, 0 to 1. */
  readonly explained: number;
}

type Points = readonly (readonly [x: number, y: number])[];

const BLOCKS = 10;
/** Student's t for 95 % with nine degrees of freedom. */
const T = 2.262;

/**
 * The range is by a jackknife over ten blocks of neighbours: values of the same hour are alike, so that the textbook's formula,
 * for values that are independent, would promise too much.
 *
 * @param points in the order of time, at least twice as many as blocks; their x must differ
 */
export function lineThrough(points: Points): Line {
  const { slope, offset, explained } = fitted(points);
  const slopes = Array.from({ length: BLOCKS }, (_, block) => {
    const from = Math.round((points.length * block) / BLOCKS);
    const to = Math.round((points.length * (block + 1)) / BLOCKS);
    return fitted([...points.slice(0, from), ...points.slice(to)]).slope;
  });
  const mean = slopes.reduce((sum, one) => sum + one, 0) / BLOCKS;
  const variance = ((BLOCKS - 1) / BLOCKS) * slopes.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const half = T * Math.sqrt(variance);
  return { slope, slopeRange: [slope - half, slope + half], offset, explained };
}

function fitted(points: Points): Pick<Line, "slope" | "offset" | "explained"> {
  const mean = (pick: (point: Points[number]) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [x, y] = [mean(([each]) => each), mean(([, each]) => each)];
  const xx = mean(([each]) => (each - x) ** 2);
  const yy = mean(([, each]) => (each - y) ** 2);
  const xy = mean(([one, other]) => (one - x) * (other - y));
  const slope = xx === 0 ? NaN : xy / xx;
  return { slope, offset: y - slope * x, explained: yy === 0 ? 0 : xy ** 2 / (xx * yy) };
}
