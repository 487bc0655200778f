/** Throws on line 9, behind types that a compiler takes out: the line is told right only where source maps are kept. */
interface Removed {
  readonly one: number;
  readonly two: number;
}

const removed: Removed = { one: 1, two: 2 };

throw new Error(String(removed.one + removed.two));
