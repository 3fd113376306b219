import type { AuditAction, Person } from '../accounts/contract.ts'
import type { AgencyDirectory } from '../agencies/service.ts'
import type { MessageOutbox, OutboxRequest } from '../messages/service.ts'
import { vietnamMobile } from '../messages/service.ts'
import { toLocalIso } from '../platform/clock.ts'
import { bareLink } from '../platform/links.ts'
import type { PeriodQuery, UnitDigest, UnitFigures } from './contract.ts'
import { digestsDue } from './digest-policy.ts'
import { wordsOfPeriod } from './period-words.ts'

export interface DigestPorts {
  /** Throws PERIOD_INVALID. */
  readonly figures: (period: PeriodQuery) => readonly UnitFigures[]
  readonly directory: Pick<AgencyDirectory, 'unit'>
  readonly outbox: Pick<MessageOutbox, 'enqueue' | 'wasSaid'>
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  readonly publicUrl: string
  readonly runs: DigestRuns
  /** Whether anybody of the city's offices works in `[from, to)`. */
  readonly isWorked: (from: Date, to: Date) => boolean
  /** Of the city: whether weeks are told by themselves, too. */
  readonly weekly: boolean
}

/** Which periods were told by themselves. */
export interface DigestRuns {
  has(period: string): boolean
  add(run: { readonly period: string; readonly at: string; readonly messages: number }): void
}

export type UnitDigests = ReturnType<typeof createUnitDigest>

type Message = OutboxRequest & { readonly toName: string; readonly occasion: string }
interface Plan {
  readonly messages: readonly { readonly unit: UnitFigures; readonly message: Message }[]
  readonly already: number
  readonly withoutHead: readonly string[]
}

/** Tells the leaders of each unit by SMS how it does: each week and month by itself, at any time for whoever asks (Đ13.6). */
export function createUnitDigest(ports: DigestPorts) {
  const link = bareLink(`${ports.publicUrl}/units`)

  /** `occasion` holds the unit as well: whoever leads two units hears of both. */
  function planOf(period: PeriodQuery, occasion: string): Plan {
    const today = toLocalIso(ports.now()).slice(0, 10)
    const withoutHead: string[] = []
    const all = ports.figures(period).flatMap((unit) => {
      if (unit.received === 0 && unit.openNow === 0) return []
      const known = ports.directory.unit(unit.unitId)
      const heads = known?.people.filter(({ role }) => role === 'head') ?? []
      if (known === undefined || heads.length === 0) withoutHead.push(unit.unitName)
      const slots = {
        ...slotsOf(unit),
        period: wordsOfPeriod(period, today),
        unit: known?.smsName ?? '',
        link,
      }
      return heads.map(({ phone, name }) => ({
        unit,
        message: {
          template: 'unitDigest' as const,
          slots,
          to: phone,
          toName: name,
          ticketCode: null,
          training: false,
          occasion: `${occasion}:${unit.unitId}`,
        },
      }))
    })
    const messages = all.filter(({ message }) => !ports.outbox.wasSaid(message))
    return { messages, already: all.length - messages.length, withoutHead }
  }

  function send({ messages }: Plan): void {
    for (const { message } of messages) ports.outbox.enqueue(message)
  }

  /** Once a day for one period: its figures are others tomorrow. */
  const askedFor = (period: PeriodQuery): Plan =>
    planOf(period, `digest:${period.from}/${period.to}@${toLocalIso(ports.now()).slice(0, 10)}`)

  return {
    /**
     * Tells last month's figures on the first days of a month, last week's on the first morning of a week that is worked. Asked
     * each minute: what was missed while the service was down is told when it is back, and nobody is told twice.
     */
    tellWhatIsDue(): void {
      for (const { key, period } of digestsDue(ports.now(), ports))
        ports.transaction(() => {
          if (ports.runs.has(key)) return
          const plan = planOf(period, `digest:${key}`)
          send(plan)
          ports.runs.add({ period: key, at: ports.now().toISOString(), messages: plan.messages.length })
        })
    },

    /** Who would get it now. Throws PERIOD_INVALID. */
    preview: (period: PeriodQuery): UnitDigest => outcomeOf(period, askedFor(period)),

    /** Writes the messages and answers who gets them. Throws PERIOD_INVALID. */
    tell: (period: PeriodQuery, actor: Person): UnitDigest =>
      ports.transaction(() => {
        const plan = askedFor(period)
        send(plan)
        const outcome = outcomeOf(period, plan)
        const { people, units } = outcome
        ports.audit(actor.id, 'report.digestSent', `period:${period.from}/${period.to}`, { people, units })
        return outcome
      }),
  }
}

function outcomeOf({ from, to }: PeriodQuery, { messages, already, withoutHead }: Plan): UnitDigest {
  const reached = messages.filter(({ message }) => vietnamMobile(message.to) !== undefined)
  return {
    from,
    to,
    units: new Set(reached.map(({ unit }) => unit.unitId)).size,
    people: reached.length,
    already,
    unreachable: messages
      .filter((one) => !reached.includes(one))
      .map(({ unit, message }) => ({ name: message.toName, unitName: unit.unitName })),
    withoutHead: [...withoutHead],
  }
}

function slotsOf({ received, onTime, late, openNow, overdueNow }: UnitFigures): Record<string, string> {
  const share = received === 0 ? '' : String(Math.round((onTime / received) * 100))
  return {
    received: String(received),
    onTime: String(onTime),
    late: String(late),
    openNow: String(openNow),
    overdueNow: overdueNow === 0 ? '' : String(overdueNow),
    share,
  }
}
