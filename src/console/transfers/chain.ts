import type { TransferTarget } from '../../transfers/contract.ts'

/** As many numbers as the server takes for one transfer. */
export const MOST_TARGETS = 8

/** A proposed number, and whether it is to be rung. */
export interface Choice {
  readonly target: TransferTarget
  readonly chosen: boolean
}

/** Whom to ring, in order: the number typed in first, no number twice. */
export function chainOf(typed: string, choices: readonly Choice[]): TransferTarget[] {
  const number = typed.trim()
  const chosen = choices.filter((choice) => choice.chosen).map(({ target }) => target)
  const known = choices.find(({ target }) => sameNumber(target.number, number))?.target
  const first = number.length < 2 ? [] : [known ?? typedTarget(number)]
  const rest = chosen.filter((target) => !first.some((one) => sameNumber(one.number, target.number)))
  return [...first, ...rest]
}

/** The list with one choice a place earlier. */
export function movedUp(choices: readonly Choice[], index: number): readonly Choice[] {
  const [moved, before] = [choices[index], choices[index - 1]]
  if (moved === undefined || before === undefined) return choices
  return choices.with(index - 1, moved).with(index, before)
}

/** Nobody presses 1 at the emergency services. */
function typedTarget(number: string): TransferTarget {
  return { number, unitId: null, label: '', ask: !/^11[345]$/.test(digitsOf(number)) }
}

function sameNumber(one: string, other: string): boolean {
  return digitsOf(one) !== '' && digitsOf(one) === digitsOf(other)
}

/** Equal for "0225 000 0001" and "+84 225 000 0001"; letters stay, so that they match nothing by chance. */
function digitsOf(number: string): string {
  return number.replace(/[\s.()+-]/g, '').replace(/^(?:00)?84(?=\d{8})/, '0')
}
