import { expect, test } from 'vitest'
import { judgeReadiness, recordingsWarning } from '../../src/cli/readiness-policy.ts'

const UP = { ami: 'up', ari: 'up', database: 'up', recordings: 'up', consoles: '2' }
const notReady = (parts: object) => ({ status: 503, body: JSON.stringify({ ready: false, parts }) })

test('a service that can work is ready', () => {
  expect(judgeReadiness({ status: 200, body: '' })).toEqual({ type: 'ready' })
})

test.each(['diskFull', 'folderUnwritable', 'pbxFolderAway', 'folderForeign', 'folderElsewhere'])(
  'citizens reach the hotline although its recordings cannot be filed: %s',
  (problem) => {
    expect(judgeReadiness(notReady({ ...UP, recordings: problem }))).toEqual({
      type: 'readyWithoutRecordings',
      problem,
    })
  },
)

test.each([
  [{ ...UP, ami: 'down' }, 'ami down'],
  [{ ...UP, ari: 'connecting', recordings: 'diskFull' }, 'ari connecting, recordings diskFull'],
  [{ ...UP, database: 'down' }, 'database down'],
])('nothing else is done without', (parts, named) => {
  expect(judgeReadiness(notReady(parts))).toEqual({ type: 'away', parts: named })
})

test('no answer, and one of another program, are told as they are', () => {
  expect(judgeReadiness(undefined)).toEqual({ type: 'away', parts: 'it does not answer' })
  expect(judgeReadiness({ status: 503, body: '<h1>busy</h1>' })).toEqual({
    type: 'away',
    parts: '<h1>busy</h1>',
  })
  expect(judgeReadiness({ status: 503, body: '{}' })).toEqual({ type: 'away', parts: '{}' })
  expect(judgeReadiness({ status: 503, body: 'null' })).toEqual({ type: 'away', parts: 'null' })
})

test('the warning says what to do', () => {
  const warning = recordingsWarning('diskFull', '/srv/recordings')
  expect(warning).toMatch(/^Warning: calls are taken.*nearly full.*\/srv\/recordings.*Free space.*doctor/)
  expect(recordingsWarning('somethingNew', '/srv')).toContain('somethingNew')
})
