/** Jobs one after the other; while one runs, later ones that would do the same are one. */
export class Queue {
  private last: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;

  /** Run `job` when all before it are done; a second call before it begins joins it. */
  run(job: () => Promise<void>): Promise<void> {
    if (this.waiting === undefined) {
      const next: Promise<void> = this.last.then(() => {
        this.waiting = undefined;
        return job();
      });
      this.waiting = next;
      this.last = next.catch(() => undefined);
    }
    return this.waiting;
  }
}
