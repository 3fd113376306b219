import { randomBytes } from 'node:crypto'
import type { calls } from '../calls/tables.ts'

type CallRow = typeof calls.$inferSelect

/** What a call's row says of it, in groups that a finding names. */
const GROUPS = {
  number: ['numberRaw', 'numberE164', 'numberDisplay', 'numberKind', 'callerName'],
  line: ['direction', 'line', 'noticeVersion', 'startedAt'],
  case: ['ticketId', 'ticketCode', 'linkedId', 'linkedCode'],
  operator: ['operatorId'],
  times: ['queuedAt', 'answeredAt', 'callbackAt', 'endedAt'],
  outcome: ['state', 'outcome', 'endedBy', 'callbackE164'],
} as const satisfies Record<string, readonly (keyof CallRow | keyof Linked)[]>
type Group = keyof typeof GROUPS
type CallColumn = Exclude<(typeof GROUPS)[Group][number], keyof Linked>
/** A call that runs may change in all else. */
const FROM_THE_START: readonly Group[] = ['number', 'line']

/** The case of a call by the word of `ticket_calls`. */
interface Linked {
  readonly linkedId: number | null
  readonly linkedCode: string | null
}

/** A call and its case as the database has them: the row's own word of the case, and the one of `ticket_calls`. */
export type CallSaid = Pick<CallRow, CallColumn> & Linked

const LINKED: readonly string[] = ['linkedId', 'linkedCode'] satisfies (keyof Linked)[]
/** Of the call's own row. */
export const CALL_COLUMNS = Object.values(GROUPS)
  .flat()
  .filter((name): name is CallColumn => !LINKED.includes(name))

/** All that the links of a recording say of its call. */
export interface CallWord {
  /** Of the first link that says it of a call that was over, or else of the newest; null where none says anything. */
  readonly facts: string | null
  /** Of the first link that names a case. */
  readonly code: string | null
}

/**
 * JSON of what is said of a call. Its hash goes out with the link, and of a number whose other digits one knows a hash alone is no secret:
 * the salt is 128 bits.
 */
export function callText(said: CallSaid): string {
  return JSON.stringify({ salt: randomBytes(16).toString('hex'), ...said })
}

/**
 * What an earlier link said of the call, which a later one says again; null where the row has to be asked. The row of a call that is over
 * never changes (call-machine.ts): asked once more, a row that somebody changed would be vouched for.
 */
export function lastingText(text: string | null): string | null {
  return text !== null && isOver(saidIn(text)) ? text : null
}

/** Its links in order, each with the word of those before it. */
export function heardOf(
  word: CallWord | undefined,
  link: { readonly callFacts: string | null; readonly ticketCode: string | null },
): CallWord {
  const before = word?.facts ?? null
  return {
    facts: lastingText(before) ?? link.callFacts ?? before,
    code: word?.code ?? link.ticketCode,
  }
}

/** Groups in which a call and its case are not what the links say; `missing` alone: there is no such call any more. */
export function changedCall(now: CallSaid | undefined, { facts, code }: CallWord): (Group | 'missing')[] {
  if (now === undefined) return facts === null && code === null ? [] : ['missing']
  const said = facts === null ? {} : saidIn(facts)
  const held = isOver(said) ? (Object.keys(GROUPS) as Group[]) : FROM_THE_START
  return (Object.keys(GROUPS) as Group[]).filter(
    (group) =>
      // A link from before a fact stood in it says nothing of it.
      (held.includes(group) &&
        GROUPS[group].some((name) => said[name] !== undefined && said[name] !== now[name])) ||
      (group === 'case' && code !== null && (now.ticketCode !== code || now.linkedCode !== code)),
  )
}

function isOver({ endedAt }: Readonly<Record<string, unknown>>): boolean {
  return typeof endedAt === 'string'
}

/** What is no object was put there by somebody else: the link's hash says so. */
function saidIn(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
