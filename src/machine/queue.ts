/** A heap: the earliest item is taken first; of items at the same time, the one that was added first. */
export class Queue<Item> {
  private readonly heap: { readonly at: number; readonly order: number; readonly item: Item }[] = [];
  private count = 0;

  /** Time of the next item, Infinity if there is none. */
  get next(): number {
    return this.heap[0]?.at ?? Infinity;
  }

  add(at: number, item: Item): void {
    let index = this.heap.length;
    this.heap.push({ at, order: this.count++, item });
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.before(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  take(): Item | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined || this.heap.length === 0) return first?.item;
    this.heap[0] = last;
    for (let index = 0; ;) {
      const left = 2 * index + 1;
      const least = [left, left + 1].reduce((best, child) => (this.before(child, best) ? child : best), index);
      if (least === index) return first.item;
      this.swap(index, least);
      index = least;
    }
  }

  private before(one: number, other: number): boolean {
    const [a, b] = [this.heap[one], this.heap[other]];
    return a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
  }

  private swap(one: number, other: number): void {
    const [a, b] = [this.heap[one], this.heap[other]];
    if (a !== undefined && b !== undefined) [this.heap[one], this.heap[other]] = [b, a];
  }
}
