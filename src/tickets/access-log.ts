import type { AuditAction, Person } from '../accounts/contract.ts'
import type { TicketView } from './contract.ts'

export interface AccessLogPorts {
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail?: Record<string, unknown>,
  ) => void
  readonly now: () => Date
}

/** A page that is open asks for its case again and again: within this time it is the same look. */
const SAME_LOOK_MS = 30 * 60_000
/** Looks remembered; beyond it they are forgotten, and written down once more than needed. */
const MOST_LOOKS = 20_000

export type AccessLog = ReturnType<typeof createAccessLog>

/** Who was shown what of cases, for the audit log (R068, Đ12.2): opened cases, files and slips taken away, names released. */
export function createAccessLog({ audit, now }: AccessLogPorts) {
  const looks = new Map<string, number>()

  return {
    /** `view` as it is answered. Not of those who hold the case: they wrote it. */
    viewed(
      { code, form, operatorId }: Pick<TicketView, 'code' | 'form' | 'operatorId'>,
      viewer: Person,
    ): void {
      if (operatorId === viewer.id) return
      const { name, phone, email, address } = form.reporter
      const reporter = [name, phone, email, address].some((known) => known !== null && known !== '')
      const key = `${String(viewer.id)}/${code}/${String(reporter)}`
      const atMs = now().getTime()
      if (atMs - (looks.get(key) ?? -Infinity) < SAME_LOOK_MS) return
      if (looks.size >= MOST_LOOKS) looks.clear()
      looks.set(key, atMs)
      audit(viewer.id, 'case.viewed', subjectOf(code), { reporter })
    },
    moved(code: string, action: string, actor: Person): void {
      if (action === 'releaseReporter') audit(actor.id, 'case.reporterReleased', subjectOf(code))
      if (action === 'coverReporter') audit(actor.id, 'case.reporterCovered', subjectOf(code))
    },
    tookFile(code: string, attachmentId: number, reader: Person): void {
      audit(reader.id, 'attachment.downloaded', subjectOf(code), { attachmentId })
    },
    tookSlip(code: string, number: string, reader: Person): void {
      audit(reader.id, 'slip.downloaded', subjectOf(code), { number })
    },
  }
}

function subjectOf(code: string): string {
  return `ticket:${code}`
}
