/** The most recent items, up to a capacity. Each item has a number. The first is 1, and each next is one higher. */
export class RecentItems<T> {
  private readonly items: T[] = [];
  private count = 0;
  private cleared = 0;

  constructor(private readonly capacity: number) {}

  /** Adds an item and returns its number. */
  add(item: T): number {
    this.items[this.count++ % this.capacity] = item;
    return this.count;
  }

  /** Returns the items with a higher number, oldest first. */
  after(number: number): { readonly number: number; readonly item: T }[] {
    const found: { number: number; item: T }[] = [];
    for (let index = Math.max(number, this.cleared, this.count - this.capacity); index < this.count; index++) {
      found.push({ number: index + 1, item: this.items[index % this.capacity]! });
    }
    return found;
  }

  /** Returns all items, newest first. */
  newestFirst(): T[] {
    return this.after(0).map(({ item }) => item).reverse();
  }

  clear(): void {
    this.items.length = 0;
    this.cleared = this.count;
  }
}
