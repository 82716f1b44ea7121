import { VirtualClock } from '../local/clock';

/** A virtual clock that counts the timers that are set. */
export class CountingClock extends VirtualClock {
  readonly pending = new Set<unknown>();

  override setTimeout(callback: () => void, milliseconds: number): unknown {
    const timer = super.setTimeout(() => {
      this.pending.delete(timer);
      callback();
    }, milliseconds);
    this.pending.add(timer);
    return timer;
  }

  override clearTimeout(timer: unknown): void {
    super.clearTimeout(timer);
    this.pending.delete(timer);
  }
}
