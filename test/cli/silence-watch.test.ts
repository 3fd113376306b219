import { expect, test } from 'vitest'
import { untilSilent } from '../../src/cli/silence-watch.ts'

const RULE = { everyMs: 0, unanswered: 3 }

/** Answers as told, and not at all after that. */
function asked(answers: readonly boolean[]) {
  let count = 0
  return {
    ask: () => {
      count += 1
      return Promise.resolve(answers[count - 1] ?? false)
    },
    count: () => count,
  }
}

test('as many in a row as the rule says, and none fewer', async () => {
  const service = asked([true, false, false, true, false, false])
  expect(await untilSilent(service.ask, RULE, new AbortController().signal)).toBe(true)
  expect(service.count()).toBe(7)
})

test('whoever ends meanwhile was not silent', async () => {
  const gone = new AbortController()
  const service = asked([true])
  const ask = () => {
    if (service.count() === 2) gone.abort()
    return service.ask()
  }
  expect(await untilSilent(ask, RULE, gone.signal)).toBe(false)
})

test('the pause between two questions does not outlive the process asked', async () => {
  const gone = new AbortController()
  const silent = untilSilent(() => Promise.resolve(true), { everyMs: 1_000_000, unanswered: 1 }, gone.signal)
  gone.abort()
  expect(await silent).toBe(false)
})
