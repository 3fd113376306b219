import { expect, test } from 'vitest'
import { closingLine, readTestReport } from '../../src/cli/test-summary.ts'

const REPORT = {
  success: true,
  numPassedTests: 12,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] }],
}

test('counts what the report counts', () => {
  const summary = readTestReport(JSON.stringify(REPORT))
  expect(summary).toEqual({ passed: 12, failed: 0, skipped: 0, isGood: true })
  expect(closingLine({ passed: 12, failed: 0 })).toBe('12 passed, 0 failed')
})

test('a file that broke before its tests is a failure', () => {
  const testResults = [...REPORT.testResults, { name: 'b.test.ts', status: 'failed', assertionResults: [] }]
  expect(readTestReport(JSON.stringify({ ...REPORT, success: false, testResults }))).toMatchObject({
    failed: 1,
    isGood: false,
  })
})

test('a file with failed tests is not counted beside them', () => {
  const failing = { name: 'b.test.ts', status: 'failed', assertionResults: [{ status: 'failed' }] }
  const report = { ...REPORT, numFailedTests: 1, testResults: [failing] }
  expect(readTestReport(JSON.stringify(report))?.failed).toBe(1)
})

test('skipped tests are seen', () => {
  expect(readTestReport(JSON.stringify({ ...REPORT, numPendingTests: 2, numTodoTests: 1 }))?.skipped).toBe(3)
})

test.each(['', '{"success":tr', '{}', 'null'])('a report cut off is none: %s', (text) => {
  expect(readTestReport(text)).toBeUndefined()
})
