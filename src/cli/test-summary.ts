import { Type } from 'typebox'
import { Value } from 'typebox/value'

/** What vitest's JSON reporter says, as far as it is needed here. */
const Report = Type.Object({
  success: Type.Boolean(),
  numPassedTests: Type.Integer(),
  numFailedTests: Type.Integer(),
  numPendingTests: Type.Integer(),
  numTodoTests: Type.Integer(),
  testResults: Type.Array(
    Type.Object({
      name: Type.String(),
      status: Type.String(),
      assertionResults: Type.Array(Type.Object({ status: Type.String() })),
    }),
  ),
})

/** A test run in numbers. */
export interface TestSummary {
  readonly passed: number
  /** Tests that failed, and files that failed before or beside their tests, each as one. */
  readonly failed: number
  readonly skipped: number
  /** Vitest's own verdict: also false for an error outside any test. */
  readonly isGood: boolean
}

/** Reads vitest's JSON report; undefined when it is none, which means that the run broke off. */
export function readTestReport(text: string): TestSummary | undefined {
  const report = parse(text)
  if (!Value.Check(Report, report)) return undefined
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    isGood: report.success,
  }
}

/** The closing line of a run. */
export function closingLine({ passed, failed }: Pick<TestSummary, 'passed' | 'failed'>): string {
  return `${String(passed)} passed, ${String(failed)} failed`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // cut off: the caller says so
  }
}
