/** What belongs to a transaction besides its rows: what is said once they are there, and what memory was before them. */
export interface Writing {
  /** Runs `work` in one IMMEDIATE transaction; nested calls join the outer one. Never awaits. */
  transaction<T>(work: () => T): T
  /**
   * Does it when all of the open transaction is committed, in the order given; never, when it is taken back; at once where none is open.
   * One that throws keeps no other from being done: `transaction` throws its error after them, the rows being there.
   */
  afterCommit(effect: () => void): void
  /** Puts memory back as it was, should the open transaction be taken back; the newest first. Nothing where none is open. */
  onRollback(undo: () => void): void
}
