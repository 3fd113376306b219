import { setImmediate as turn } from 'node:timers/promises'
import type { AuditAction, Person } from '../accounts/contract.ts'
import { fromLocalTime } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { createAuditStore, LineFilter } from './audit-store.ts'
import type {
  AuditEntry,
  AuditExport,
  AuditFilter,
  AuditPage,
  AuditQuery,
  SealStatus,
  SignedHead,
} from './contract.ts'
import type { SealStore } from './store.ts'

export interface AuditDeskDeps {
  readonly store: ReturnType<typeof createAuditStore>
  readonly seals: Pick<SealStore, 'auditHead' | 'recordingsHead'>
  readonly heads: {
    readonly publicKey: () => string
    /** Signed now, over what is there now. */
    readonly sign: () => SignedHead
    readonly signedAt: () => string | null
  }
  readonly people: { list(): Person[]; nameOf(id: number): string | null }
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  readonly now: () => Date
}

export type AuditDesk = ReturnType<typeof createAuditDesk>

const LIMIT = 50
/** Lines read between two looks at whoever else waits. */
const PAGE = 1_000
const DAY_MS = 24 * 3_600_000
const COLUMNS = [
  'id',
  'at',
  'actorId',
  'actorName',
  'action',
  'subject',
  'detail',
  'prevHash',
  'hash',
] as const

/** The audit log as people read it and take it away (R068, R104). */
export function createAuditDesk(deps: AuditDeskDeps) {
  const { store, people } = deps

  function entry(line: ReturnType<typeof store.newestFirst>[number]): AuditEntry {
    const person = /^person:(\d+)$/.exec(line.subject)?.[1]
    return {
      ...line,
      actorName: line.actorId === null ? null : people.nameOf(line.actorId),
      subjectName: person === undefined ? null : people.nameOf(Number(person)),
    }
  }

  /** In pieces of some hundred lines, oldest first, up to the line that says it was taken away. */
  async function* exported(
    asJson: boolean,
    shown: AuditFilter,
    filter: LineFilter,
    reader: Person,
  ): AsyncGenerator<string> {
    const last = store.lastId()
    yield asJson ? opening(shown, reader) : `\uFEFF${COLUMNS.join(',')}\r\n`
    let isFirst = true
    for (let after = 0; ;) {
      const lines = store.oldestFirst(filter, { after, last }, PAGE)
      const end = lines.at(-1)
      if (end === undefined) break
      const texts = lines.map((line) => (asJson ? JSON.stringify(entry(line)) : csvLine(entry(line))))
      yield asJson ? `${isFirst ? '' : ',\n'}${texts.join(',\n')}` : texts.join('')
      isFirst = false
      after = end.id
      await turn()
    }
    if (asJson) yield '\n]}\n'
  }

  function opening(filter: AuditFilter, reader: Person): string {
    const facts = {
      format: 'tongdai-audit-export-1',
      exportedAt: deps.now().toISOString(),
      exportedBy: reader.id,
      filter,
      signed: deps.heads.sign(),
    }
    return `${JSON.stringify(facts).slice(0, -1)},"lines":[\n`
  }

  return {
    /** Newest first. Throws DAYS_REVERSED, DAY_UNKNOWN. */
    page({ before = Number.MAX_SAFE_INTEGER, limit = LIMIT, ...filter }: AuditQuery): AuditPage {
      const lines = store.newestFirst(lineFilter(filter), before, limit + 1)
      return { items: lines.slice(0, limit).map(entry), more: lines.length > limit }
    },

    /** Writes in the log that it was taken away, and answers it in pieces. Throws as `page`. */
    export(asked: AuditExport, reader: Person): AsyncGenerator<string> {
      const { format, ...filter } = asked
      const lines = lineFilter(filter)
      deps.audit(reader.id, 'audit.exported', 'audit', { format, ...filter })
      return exported(format === 'json', filter, lines, reader)
    },

    status(): SealStatus {
      const chains = [deps.seals.auditHead(), deps.seals.recordingsHead()]
      return {
        chains: chains.map(({ name, seq, hash, at }) => ({ name, seq, hash, at })),
        publicKey: deps.heads.publicKey(),
        signedAt: deps.heads.signedAt(),
        people: people.list().map(({ id, name }) => ({ id, name })),
      }
    },
  }
}

function lineFilter({ actor, action, subject, from, to }: AuditFilter): LineFilter {
  if (from !== undefined && to !== undefined && to < from)
    throw new AppError('invalid', 'DAYS_REVERSED', 'the last day is before the first')
  return {
    ...(actor === undefined ? {} : { actorId: actor === 0 ? null : actor }),
    ...(action === undefined ? {} : { action }),
    ...(subject === undefined ? {} : { subjects: [subject, `ticket:${subject.trim().toUpperCase()}`] }),
    ...(from === undefined ? {} : { from: dayStart(from).toISOString() }),
    ...(to === undefined ? {} : { until: new Date(dayStart(to).getTime() + DAY_MS).toISOString() }),
  }
}

function dayStart(day: string): Date {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const start = fromLocalTime(year, month, date)
  // The 31st of a month of 30 days would quietly be the 1st of the next.
  if (new Date(start.getTime() + DAY_MS / 2).getUTCDate() !== date)
    throw new AppError('invalid', 'DAY_UNKNOWN', 'there is no such day')
  return start
}

/** RFC 4180; what a spreadsheet would take for a formula is made text (OWASP, "CSV injection"). */
function csvLine(entry: AuditEntry): string {
  const cells = COLUMNS.map((name) => {
    const value = entry[name] === null ? '' : String(entry[name])
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe
  })
  return `${cells.join(',')}\r\n`
}
