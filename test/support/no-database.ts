import type { Writing } from '../../src/platform/writing.ts'

/** Where nothing is stored nothing has to wait, and nothing is taken back. */
export const NO_DATABASE: Writing = {
  transaction: (work) => work(),
  afterCommit: (effect) => {
    effect()
  },
  onRollback: () => undefined,
}
