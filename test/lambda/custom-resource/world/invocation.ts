import type { VirtualClock } from './virtual-clock';

/** The clock of one invocation. It stops when the invocation dies. */
export class Invocation {
  private dead = false;

  constructor(private readonly clock: VirtualClock, private readonly onDeath: () => void) {}

  now = () => this.clock.now();

  setTimeout = (callback: () => void, milliseconds: number) =>
    this.clock.setTimeout(() => this.dead || callback(), milliseconds);

  clearTimeout = (timer: any) => this.clock.clearTimeout(timer);

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.setTimeout(resolve, milliseconds));
  }

  /** Returns the same clock, ahead by some milliseconds. */
  ahead(milliseconds: number) {
    const { setTimeout, clearTimeout } = this;
    return { now: () => this.now() + milliseconds, setTimeout, clearTimeout };
  }

  die(): void {
    if (this.dead) return;
    this.dead = true;
    this.onDeath();
  }
}
