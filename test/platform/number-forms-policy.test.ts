import { expect, test } from 'vitest'
import { numberForms } from '../../src/platform/number-forms-policy.ts'

test.each([
  ['84950000123', ['84950000123', '0950000123']],
  ['0084950000123', ['0084950000123', '0950000123']],
  ['950000123', ['950000123', '0950000123']],
  ['0950000123', ['0950000123']],
  ['2250000123', ['2250000123', '02250000123']],
  ['842250000123', ['842250000123', '02250000123']],
  // Another country's, a beginning, a short one: nothing but themselves.
  ['81312345678', ['81312345678']],
  ['95000012', ['95000012']],
  ['8495000012', ['8495000012']],
  ['113', ['113']],
])('%s may be %j', (digits, forms) => {
  expect(numberForms(digits)).toEqual(forms)
})
