import { describe, expect, it } from 'vitest'
import { chainOf, movedUp } from '../../../src/console/transfers/chain.ts'
import { aTarget } from '../support.ts'

const choice = (number: string, chosen = true) => ({ target: aTarget({ number }), chosen })
const numbers = (typed: string, choices: Parameters<typeof chainOf>[1]) =>
  chainOf(typed, choices).map(({ number }) => number)

describe('the numbers to be rung', () => {
  it('are the chosen ones in their order, the one typed in first', () => {
    const choices = [choice('0225 000 0001'), choice('0225 000 0002', false), choice('0225 000 0003')]
    expect(numbers('', choices)).toEqual(['0225 000 0001', '0225 000 0003'])
    expect(numbers(' 0912345678 ', choices)).toEqual(['0912345678', '0225 000 0001', '0225 000 0003'])
  })

  it('never name one twice, however it is spelled', () => {
    const choices = [choice('0225 000 0001'), choice('0225 000 0002', false)]
    expect(chainOf('+84 225 000 0002', choices)).toEqual([choices[1]?.target, choices[0]?.target])
    expect(numbers('02250000001', choices)).toEqual(['0225 000 0001'])
  })

  it('are sent as typed, letters included: what rings is the server’s to decide', () => {
    expect(chainOf('11a', [])).toEqual([{ number: '11a', unitId: null, label: '', ask: true }])
    expect(chainOf('1', [])).toEqual([])
  })

  it('ask nobody at 113, 114 or 115 to press a key', () => {
    expect(chainOf('114', [])[0]?.ask).toBe(false)
    expect(chainOf('116', [])[0]?.ask).toBe(true)
  })

  it('are no more than the server takes', () => {
    const many = Array.from({ length: 8 }, (_, index) => choice(`0225 000 000${String(index)}`))
    expect(chainOf('114', many)).toHaveLength(9) // the screen says which of them are not rung
  })

  it('change places with the one before', () => {
    const [one, two] = [choice('1000'), choice('2000')]
    expect(movedUp([one, two], 1)).toEqual([two, one])
    expect(movedUp([one, two], 0)).toEqual([one, two])
  })
})
