/** Throws on line 9, after types that a compiler removes: the reported line is right only if source maps are kept. */
interface Removed {
  readonly one: number;
  readonly two: number;
}

const removed: Removed = { one: 1, two: 2 };

throw new Error(String(removed.one + removed.two));
