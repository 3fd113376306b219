import type { AuditAction, Person } from '../accounts/contract.ts'
import { AppError } from '../platform/errors.ts'
import type { DocumentPrinter } from '../platform/documents.ts'
import type { AskPersonalData, RetentionRules, SubjectRequest } from './contract.ts'
import { sheetsOf } from './personal-data-paper.ts'
import { keptByReason, keptOf } from './personal-data-policy.ts'
import type { createPersonalDataStore, HeldData, SubjectRow } from './personal-data-store.ts'
import { blockersOfTwo, dueOf } from './retention-policy.ts'
import type { Retention } from './service.ts'

export interface PersonalDataDeps {
  readonly store: ReturnType<typeof createPersonalDataStore>
  readonly retention: Pick<Retention, 'keeping' | 'addRequest' | 'isAsked' | 'statesOf'>
  readonly rules: RetentionRules
  /** Null for what is no number. */
  readonly e164Of: (raw: string) => string | null
  /** False where that case is confidential and the viewer does not read the whole of it. */
  readonly mayReadCase: (code: string, viewer: Person) => boolean
  readonly print: DocumentPrinter
  readonly nameOf: (personId: number) => string | null
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, unknown>,
  ) => void
  readonly changed: () => void
  readonly transaction: <T>(work: () => T) => T
  readonly now: () => Date
}

export type PersonalData = ReturnType<typeof createPersonalData>

/** What citizens may ask of what is held about them (Law 91/2025/QH15, Articles 4 and 14). */
export function createPersonalData(deps: PersonalDataDeps) {
  const { store, retention, now } = deps

  /** In the caller's transaction: asks a second person for what may go, and says of the rest why it stays. */
  function erase(held: HeldData, reason: string, requestId: number, actor: Person) {
    const at = now()
    const asked: number[] = []
    const kept: Parameters<typeof keptByReason>[0][number][] = []
    for (const { id } of held.recordings) {
      const row = retention.keeping.find(Number(id))
      if (row === undefined || row.state === 'deleted' || (row.hasFiles === 0 && row.state !== 'pending'))
        continue
      const facts = retention.keeping.factsOf(row)
      const due = dueOf(facts, deps.rules)
      const why = keptOf({
        isPending: row.state === 'pending',
        isAsked: retention.isAsked(row.id),
        blockers: blockersOfTwo(retention.keeping.blockers(row)),
        isOfCase: row.ticketCode !== null && !facts.training,
        isTimeOver: due !== null && due.dueAt <= at,
      })
      if (why === null) {
        retention.addRequest(row.id, { reason, cause: 'erasure', subjectRequestId: requestId }, actor)
        asked.push(row.id)
      } else kept.push({ id: row.id, why })
    }
    return { asked, kept: keptByReason(kept) }
  }

  const viewOf = ({
    id,
    kind,
    numberE164,
    identity,
    madeBy,
    madeAt,
    outcome,
  }: SubjectRow): SubjectRequest => ({
    id,
    kind,
    numberEnd: numberE164.slice(-3),
    identity,
    madeByName: deps.nameOf(madeBy),
    madeAt,
    ...outcome,
    outcomes: retention.statesOf(id, outcome.asked),
  })

  return {
    newest: (): SubjectRequest[] => store.newest(50).map(viewOf),

    /**
     * Writes down that it was asked. An erasure asks a second person for what may go; whatever must stay is named with its article.
     * Throws NUMBER_INVALID, NOTHING_HELD.
     */
    ask({ kind, number, identity }: AskPersonalData, actor: Person): SubjectRequest {
      const e164 = deps.e164Of(number)
      if (e164 === null) throw new AppError('invalid', 'NUMBER_INVALID', 'not a telephone number')
      const row = deps.transaction(() => {
        const held = store.heldAbout(e164)
        const counts = {
          cases: held.cases.length,
          calls: held.calls.length,
          recordings: held.recordings.length,
        }
        if (Object.values(counts).every((count) => count === 0))
          throw new AppError('notFound', 'NOTHING_HELD', 'nothing is held about this number')
        const id = (store.newest(1)[0]?.id ?? 0) + 1
        const reason = `Luật 91/2025/QH15, Điều 14, yêu cầu số ${String(id)}: ${identity.trim()}`
        const outcome =
          kind === 'erasure' ? erase(held, reason.slice(0, 1_000), id, actor) : { asked: [], kept: [] }
        const added = store.add({
          id,
          kind,
          numberE164: e164,
          identity: identity.trim(),
          madeBy: actor.id,
          madeAt: now().toISOString(),
          outcome: { counts, ...outcome },
        })
        const action = kind === 'access' ? 'personalData.accessAsked' : 'personalData.erasureAsked'
        deps.audit(actor.id, action, subjectOf(id), { ...counts, asked: outcome.asked.length })
        return added
      })
      deps.changed()
      return viewOf(row)
    },

    /**
     * What is held now, as a workbook to hand over: by whoever reads those cases (Đ7.3, Đ12.1; A15). Throws SUBJECT_REQUEST_NOT_FOUND,
     * SUBJECT_CONFIDENTIAL, PDF_FAILED.
     */
    async file(id: number, reader: Person): Promise<Buffer> {
      const row = store.find(id)
      if (row?.kind !== 'access')
        throw new AppError('notFound', 'SUBJECT_REQUEST_NOT_FOUND', 'no such request')
      const held = store.heldAbout(row.numberE164)
      if (!codesIn(held).every((code) => deps.mayReadCase(code, reader)))
        throw new AppError(
          'forbidden',
          'SUBJECT_CONFIDENTIAL',
          'a confidential case that another holds is in it',
        )
      const drawn = await deps.print({ kind: 'xlsx', sheets: sheetsOf(held) })
      deps.audit(reader.id, 'personalData.downloaded', subjectOf(id), { bytes: drawn.length })
      return drawn
    },
  }
}

function codesIn({ cases, calls, messages }: HeldData): string[] {
  const codes = [...cases.map(({ code }) => code), ...[...calls, ...messages].map((row) => row['ticketCode'])]
  return [...new Set(codes.filter((code) => typeof code === 'string'))]
}

function subjectOf(id: number): string {
  return `subjectRequest:${String(id)}`
}
