import { expect, test } from 'vitest'
import { readArguments, readWholeNumber, usageText } from '../../src/cli/arguments.ts'
import { UsageError } from '../../src/cli/command.ts'

const PLAN = {
  command: 'npm run tongdai -- shout',
  about: 'Shouts.',
  options: { from: { value: 'NUMBER', about: 'who' }, json: { about: 'as JSON' } },
  operands: ['WORD'],
}

test('reads options, switches and operands in any order', () => {
  const read = readArguments(['--json', 'hello', '--from', '0900000001'], PLAN)
  expect(read.values).toEqual({ from: '0900000001' })
  expect([...read.switches]).toEqual(['json'])
  expect(read.operands).toEqual(['hello'])
  expect(read.help).toBe(false)
})

test.each([
  [['hello', '--form', '1'], /--form.*see npm run tongdai -- shout --help/],
  [['hello', '--from'], /--from/],
  [['hello', '--json=yes'], /--json/],
  [[], /takes WORD/],
  [['hello', 'world'], /takes WORD/],
  [['hello', '--from', '1', '--from', '2'], /--from is given more than once.*--help/],
  [['--json', 'hello', '--json'], /--json is given more than once/],
])('says what is wrong with %j', (args, message) => {
  expect(() => readArguments(args, PLAN)).toThrow(UsageError)
  expect(() => readArguments(args, PLAN)).toThrow(message)
})

test('help wins over every mistake', () => {
  expect(readArguments(['--nonsense', '--help'], PLAN).help).toBe(true)
  expect(readArguments(['-h'], PLAN).help).toBe(true)
})

test('the help text names every option and operand', () => {
  const text = usageText(PLAN)
  expect(text).toContain('npm run tongdai -- shout WORD [options]')
  expect(text).toMatch(/--from NUMBER\s+who/)
  expect(text).toMatch(/--json\s+as JSON/)
})

test.each(['-1', '1.5', '', 'ten', '61', '1e1'])('refuses "%s" as a number from 0 to 60', (text) => {
  expect(() => readWholeNumber('seconds', text, { from: 0, to: 60 })).toThrow(/--seconds.*0 to 60/)
})

test('takes a number at its bounds', () => {
  expect(readWholeNumber('seconds', '0', { from: 0, to: 60 })).toBe(0)
  expect(readWholeNumber('seconds', '60', { from: 0, to: 60 })).toBe(60)
})
