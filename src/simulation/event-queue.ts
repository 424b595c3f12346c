/** Which of two events of the same microsecond comes first; smaller is earlier. */
export const priorities = { control: 0, delivery: 1, timer: 2, last: 3 } as const;

/** One of {@link priorities}. */
export type Priority = (typeof priorities)[keyof typeof priorities];

/** Something that will happen. */
export interface QueuedEvent {
  readonly timeUs: number;
  readonly priority: Priority;
  readonly tieBreak: number;
  /** Order of creation. */
  readonly sequence: number;
  readonly label: string;
  /** Taken away when it ran or was cancelled. */
  run: (() => void) | undefined;
}

/** Dead entries are swept out when they are the majority of a heap of more than this. */
const sweepAbove = 1_024;

/**
 * What will happen, ordered by (time, priority, tie-break, order of creation).
 *
 * A binary heap. A cancelled entry stays until it is popped or swept.
 *
 * @source docs/simulation.md
 */
export class EventQueue {
  #heap: QueuedEvent[] = [];
  #sequence = 0;
  #dead = 0;
  readonly #live: [number, number, number, number] = [0, 0, 0, 0];
  readonly #tape: readonly number[];
  #tapePosition = 0;

  /** @param tape - tie-breaks of deliveries and timers in order of creation; 0 once it has run out */
  constructor(tape: readonly number[] = []) {
    this.#tape = tape;
  }

  /** Events that will still happen. */
  get size(): number {
    return this.#heap.length - this.#dead;
  }

  /** Whether network events (control and delivery) are among them. */
  get networkBusy(): boolean {
    return this.#live[0] + this.#live[1] > 0;
  }

  add(timeUs: number, priority: Priority, run: () => void, label: string): QueuedEvent {
    const event: QueuedEvent = {
      timeUs,
      priority,
      tieBreak: this.#tieBreak(priority),
      sequence: this.#sequence++,
      label,
      run,
    };
    this.#live[priority]++;
    this.#rise(event);
    return event;
  }

  cancel(event: QueuedEvent): void {
    if (event.run === undefined) return;
    event.run = undefined;
    this.#live[event.priority]--;
    this.#dead++;
    if (this.#heap.length > sweepAbove && this.#dead * 2 > this.#heap.length) this.#sweep();
  }

  /** The earliest event; it stays. */
  peek(): QueuedEvent | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.run !== undefined) return first;
      this.#removeFirst();
      this.#dead--;
    }
  }

  /** Takes the earliest event out. Its `run` is left for the caller to call. */
  pop(): QueuedEvent | undefined {
    const first = this.peek();
    if (first === undefined) return undefined;
    this.#live[first.priority]--;
    this.#removeFirst();
    return first;
  }

  /** Everything that will still happen, earliest first. */
  list(): readonly QueuedEvent[] {
    return this.#heap.filter((event) => event.run !== undefined).sort(order);
  }

  #tieBreak(priority: Priority): number {
    if (this.#tapePosition >= this.#tape.length) return 0;
    if (priority !== priorities.delivery && priority !== priorities.timer) return 0;
    return this.#tape[this.#tapePosition++] ?? 0;
  }

  #rise(event: QueuedEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || order(parent, event) <= 0) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = event;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last, 0);
  }

  #sink(event: QueuedEvent, from: number): void {
    const heap = this.#heap;
    let index = from;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex];
      if (child === undefined) break;
      const right = heap[childIndex + 1];
      if (right !== undefined && order(right, child) < 0) {
        child = right;
        childIndex++;
      }
      if (order(event, child) <= 0) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = event;
  }

  #sweep(): void {
    // A sorted array is a heap.
    this.#heap = [...this.list()];
    this.#dead = 0;
  }
}

function order(left: QueuedEvent, right: QueuedEvent): number {
  return (
    left.timeUs - right.timeUs ||
    left.priority - right.priority ||
    left.tieBreak - right.tieBreak ||
    left.sequence - right.sequence
  );
}
