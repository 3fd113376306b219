import { createHash } from 'node:crypto'
import type { AuditAction, Person } from '../accounts/contract.ts'
import { toLocalTime, toPaperTime } from '../platform/clock.ts'
import { isTooOldDocument } from '../platform/document-day.ts'
import { AppError } from '../platform/errors.ts'
import type {
  CompileDossier,
  DossierAction,
  DossierEntryView,
  DossierFileKind,
  DossierHistory,
  DossierHistoryQuery,
  DossierSummary,
  DossierView,
  EditDossier,
  RecordDocument,
  SendDossier,
  TakeOutOfDossier,
} from './contract.ts'
import { caseRows, usualCover } from './dossier-labels.ts'
import { dossierActions, dossierEdge } from './dossier-machine.ts'
import {
  type AttemptOnPaper,
  type CaseFactsOnPaper,
  type CasePaper,
  contentHashOf,
  type DossierPaper,
} from './dossier-paper.ts'
import { type DossierItem, type DossierPorts, type DossierStore, saidWhy } from './service.ts'
import type { dossierEntries, dossierFiles, dossiers } from './tables.ts'

type DossierRecord = typeof dossiers.$inferSelect
type EntryRecord = typeof dossierEntries.$inferSelect
type FileRecord = typeof dossierFiles.$inferSelect

export interface CompilingStore {
  /** The highest number of a series such as `HS26`; null before the first. */
  lastNumber(series: string): string | null
  insertDossier(row: typeof dossiers.$inferInsert): DossierRecord
  dossier(id: number): DossierRecord | undefined
  setDossier(id: number, change: Partial<Omit<DossierRecord, 'id' | 'number'>>): DossierRecord
  /** The newest first. */
  history(wanted: {
    readonly sentOnly: boolean
    readonly training: boolean
    readonly offset: number
    readonly limit: number
  }): { readonly items: DossierRecord[]; readonly total: number }
  addEntry(entry: Pick<EntryRecord, 'dossierId' | 'itemId' | 'paper'>): void
  /** Also those that were taken out. */
  entries(dossierId: number): EntryRecord[]
  /** One case, or null for all. */
  release(
    dossierId: number,
    itemId: number | null,
    release: { readonly at: string; readonly by: number; readonly why: string | null },
  ): void
  addFile(file: FileRecord): void
  file(dossierId: number, kind: DossierFileKind): FileRecord | undefined
  files(dossierId: number): { kind: DossierFileKind; sha256: string; sizeBytes: number }[]
}

/** Draws a dossier as file. `hash`: printed on it; null for a draft. */
export type DossierPrinter = (
  kind: DossierFileKind,
  paper: DossierPaper,
  hash: string | null,
) => Promise<Buffer>

export interface CompilingPorts extends Pick<DossierPorts, 'transaction' | 'now' | 'people' | 'regulation'> {
  readonly store: CompilingStore & Pick<DossierStore, 'find'>
  readonly print: DossierPrinter
  readonly cases: DossierPorts['cases'] & {
    /** The case as a paper tells it: without who reported it, contacts covered. */
    facts(ticketId: number): CaseFactsOnPaper
    /** Who was rung to put the citizen through. */
    attempts(ticketId: number): AttemptOnPaper[]
  }
  /** Counts anew what waits on the list; in the caller's transaction. */
  readonly recount: () => void
  readonly audit: (
    actorId: number,
    action: AuditAction,
    subject: string,
    detail: Record<string, string | number>,
  ) => void
  readonly city: { readonly name: string; readonly hotline: string }
  /** "Văn phòng Ủy ban nhân dân thành phố Hải Phòng" */
  readonly office: () => string
}

export type Compiling = ReturnType<typeof createCompiling>

/** A clock that ends at another time than the papers say. */
type Moved = DossierEntryView['moved'][number]

/** Series of dossier numbers ("hồ sơ"), per year of the city's time. */
const SERIES = 'HS'
const ARTICLE = 'Đ9.6'

/** Dossiers of Đ9.6 (R058): compiled from the list, sent to the City Office, answered by the Chairman's document. */
export function createCompiling(ports: CompilingPorts) {
  const { store, transaction } = ports
  const nameOf = (id: number | null): string | null => (id === null ? null : ports.people.nameOf(id))
  const inIt = (dossier: DossierRecord): EntryRecord[] =>
    store.entries(dossier.id).filter(({ releasedAt }) => releasedAt === null)

  /** Throws DOSSIER_NOT_FOUND, also for one that the City Office has not been sent. */
  function mustSee(id: number, viewer: Person): DossierRecord {
    const dossier = store.dossier(id)
    if (dossier === undefined || (viewer.role === 'cityOffice' && dossier.sentAt === null))
      throw new AppError('notFound', 'DOSSIER_NOT_FOUND', 'no such dossier')
    return dossier
  }

  /** Throws as `mustSee`, and DOSSIER_STATE or DOSSIER_CHANGED where it is not any more what was read. */
  function mayTake(id: number, action: DossierAction, actor: Person, revision: number | null) {
    const dossier = mustSee(id, actor)
    const edge = dossierEdge(dossier.state, action, actor.role)
    if (edge === undefined)
      throw new AppError('conflict', 'DOSSIER_STATE', `${action} is not possible in state ${dossier.state}`)
    if (revision !== null && revision !== dossier.revision)
      throw new AppError('conflict', 'DOSSIER_CHANGED', 'somebody changed this dossier meanwhile')
    return { dossier, to: edge.to }
  }

  function note(entries: readonly EntryRecord[], type: string, at: string, actorId: number, detail: object) {
    for (const { itemId } of entries) {
      const item = store.find(itemId)
      if (item === undefined) continue
      ports.cases.note(item.ticketId, { at, type, actorId, detail: { ...detail, article: ARTICLE } })
    }
  }
  function tell(entries: readonly EntryRecord[]): void {
    for (const { paper } of entries) ports.cases.touched(paper.ticketCode)
  }

  function freeze(item: DossierItem): CasePaper {
    return {
      ticketCode: item.ticketCode,
      reason: item.reason,
      cause: item.agency ?? item.why,
      startedAt: item.startedAt,
      dueAt: item.dueAt,
      dueText: item.dueText,
      facts: ports.cases.facts(item.ticketId),
      attempts: ports.cases.attempts(item.ticketId),
    }
  }

  /** Throws DOSSIER_ITEM_NOT_FOUND, DOSSIER_ITEM_REMOVED, DOSSIER_ITEM_COMPILED. */
  function mustWait(id: number): DossierItem {
    const item = store.find(id)
    if (item === undefined)
      throw new AppError('notFound', 'DOSSIER_ITEM_NOT_FOUND', 'no such entry of the list')
    if (item.removedAt !== null)
      throw new AppError('conflict', 'DOSSIER_ITEM_REMOVED', 'it was taken off the list')
    if (item.dossier !== null)
      throw new AppError('conflict', 'DOSSIER_ITEM_COMPILED', 'it is in a dossier already')
    return item
  }

  /** In the caller's transaction. */
  function compiled(itemIds: readonly number[], cover: string | null, actor: Person): DossierRecord {
    const now = ports.now()
    const at = now.toISOString()
    const items = itemIds.map(mustWait)
    const training = items[0]?.training ?? false
    if (items.some((item) => item.training !== training))
      throw new AppError('invalid', 'DOSSIER_MIXED_TRAINING', 'training cases go into a dossier of their own')
    const made = store.insertDossier({
      number: nextNumber(now),
      state: 'listed',
      training,
      revision: 1,
      cover,
      compiledAt: at,
      compiledBy: actor.id,
      dueAt: firstDue(items),
    })
    for (const item of items) store.addEntry({ dossierId: made.id, itemId: item.id, paper: freeze(item) })
    note(store.entries(made.id), 'dossierCompiled', at, actor.id, { number: made.number })
    return made
  }

  /** In the caller's transaction; what waits again is due by the calendar of today. */
  function undone(
    id: number,
    action: 'undo' | 'recompile',
    revision: number,
    actor: Person,
  ): { readonly dossier: DossierRecord; readonly freed: EntryRecord[] } {
    const at = ports.now().toISOString()
    const { dossier: before, to } = mayTake(id, action, actor, revision)
    const freed = inIt(before)
    store.release(id, null, { at, by: actor.id, why: null })
    note(freed, 'dossierUndone', at, actor.id, { number: before.number })
    const change = { state: to, undoneAt: at, undoneBy: actor.id, revision: before.revision + 1 }
    const dossier = store.setDossier(id, change)
    ports.recount()
    return { dossier, freed }
  }

  function nextNumber(at: Date): string {
    const series = `${SERIES}${String(toLocalTime(at).year % 100).padStart(2, '0')}`
    const last = Number(store.lastNumber(series)?.slice(series.length + 1) ?? 0)
    return `${series}-${String(last + 1).padStart(6, '0')}`
  }

  function paperOf(dossier: DossierRecord, sent: { at: string; byName: string } | null): DossierPaper {
    const cases = inIt(dossier).map(({ paper }) => paper)
    return {
      number: dossier.number,
      training: dossier.training,
      city: ports.city.name,
      hotline: ports.city.hotline,
      office: ports.office(),
      legalBasis: legalBasis(),
      cover: coverOf(dossier, cases),
      compiledAt: dossier.compiledAt,
      sentAt: sent?.at ?? null,
      sentByName: sent?.byName ?? null,
      late: sent !== null && isLate(dueNow(dossier), sent.at),
      cases,
    }
  }
  const legalBasis = (): string => `Điều 9 khoản 6, ${ports.regulation}`
  const coverOf = ({ cover }: DossierRecord, cases: readonly CasePaper[]): string =>
    cover ?? usualCover({ cases, regulation: ports.regulation, office: ports.office() })

  /** A confidential case of somebody else's is read by nobody who may not read it itself (visibility-policy.ts). */
  const mayRead = (entry: EntryRecord, viewer: Person): boolean => {
    const item = store.find(entry.itemId)
    return item !== undefined && ports.cases.row(item.ticketId, viewer).sight !== 'mask'
  }

  function summaryOf(dossier: DossierRecord): DossierSummary {
    const { id, number, state, training, compiledAt, sentAt, documentNumber } = dossier
    const dueAt = dueNow(dossier)
    const now = ports.now().toISOString()
    return {
      id,
      number,
      state,
      training,
      cases: inIt(dossier).length,
      compiledAt,
      compiledByName: nameOf(dossier.compiledBy),
      dueAt,
      late: dossier.sentLate ?? (state === 'listed' && isLate(dueAt, now)),
      sentAt,
      sentByName: nameOf(dossier.sentBy),
      documentNumber,
    }
  }

  /** When the first of its cases is due: by the clock of now until it is sent, not by the papers (A19). */
  function dueNow(dossier: DossierRecord): string | null {
    if (dossier.state !== 'listed') return dossier.dueAt
    return firstDue(inIt(dossier).flatMap(({ itemId }) => store.find(itemId) ?? []))
  }

  /** Throws DOSSIER_MOVED where a clock ends at another time than the papers say. */
  function mustSayWhatIs(dossier: DossierRecord, actor: Person): void {
    const moved = inIt(dossier).flatMap((entry) =>
      entryView(dossier, entry, actor).moved.map((clock) => ({
        ticketCode: entry.paper.ticketCode,
        ...clock,
      })),
    )
    if (moved.length === 0) return
    const said = moved.map(({ ticketCode, kind, dueAt }) =>
      kind === 'list' && dueAt !== null ? `${ticketCode} (${toPaperTime(dueAt)})` : ticketCode,
    )
    throw new AppError('conflict', 'DOSSIER_MOVED', 'clocks have moved since it was compiled', {
      // One that has its new time beside it needs no second word.
      subject: said
        .filter((one, at) => said.indexOf(one) === at && !said.some((other) => other.startsWith(`${one} (`)))
        .join(', '),
      details: { moved },
    })
  }

  /** What the papers say otherwise than it is by now; nothing once they are with the City Office. */
  function movedOf(dossier: DossierRecord, { itemId, releasedAt, paper }: EntryRecord): Moved[] {
    const item = dossier.state === 'listed' && releasedAt === null ? store.find(itemId) : undefined
    if (item === undefined) return []
    const list = item.dueAt === paper.dueAt ? [] : [{ kind: 'list', dueAt: item.dueAt }]
    const then = paper.facts.deadlines
    const clocks = ports.cases
      .facts(item.ticketId)
      .deadlines.filter((clock) =>
        then.some(
          ({ kind, startedAt, dueAt: before }) =>
            kind === clock.kind && startedAt === clock.startedAt && before !== clock.dueAt,
        ),
      )
    return [...list, ...clocks.map((clock) => ({ kind: clock.kind, dueAt: clock.dueAt }))]
  }

  function entryView(dossier: DossierRecord, entry: EntryRecord, viewer: Person): DossierEntryView {
    const { paper } = entry
    const isOpen = mayRead(entry, viewer)
    const moved = movedOf(dossier, entry).filter(({ kind }) => isOpen || kind === 'list')
    return {
      moved,
      itemId: entry.itemId,
      ticketCode: paper.ticketCode,
      reason: paper.reason,
      isOpen,
      rows: isOpen ? caseRows(paper) : [],
      dueAt: paper.dueAt,
      dueText: paper.dueText,
      late:
        entry.releasedAt === null &&
        isLate(store.find(entry.itemId)?.dueAt ?? null, dossier.sentAt ?? ports.now().toISOString()),
      takenOutAt: entry.releasedWhy === null ? null : entry.releasedAt,
      takenOutByName: entry.releasedWhy === null ? null : nameOf(entry.releasedBy),
      takenOutWhy: isOpen ? entry.releasedWhy : null,
    }
  }

  function viewOf(dossier: DossierRecord, viewer: Person): DossierView {
    const entries = store.entries(dossier.id).map((entry) => entryView(dossier, entry, viewer))
    const isMoved = entries.some(({ moved }) => moved.length > 0)
    const { documentNumber, documentDate, documentText, documentAt } = dossier
    const hasDocument =
      documentNumber !== null && documentDate !== null && documentText !== null && documentAt !== null
    return {
      ...summaryOf(dossier),
      revision: dossier.revision,
      cover: coverOf(
        dossier,
        inIt(dossier).map(({ paper }) => paper),
      ),
      isOwnCover: dossier.cover !== null,
      legalBasis: legalBasis(),
      actions: dossierActions(dossier.state, viewer.role).filter(
        (action) => action !== 'recompile' || isMoved,
      ),
      mayDownload: viewer.role !== 'admin' && inIt(dossier).every((entry) => mayRead(entry, viewer)),
      entries,
      contentHash: dossier.contentHash,
      files: store.files(dossier.id),
      document: hasDocument
        ? {
            number: documentNumber,
            date: documentDate,
            text: documentText,
            recordedAt: documentAt,
            recordedByName: nameOf(dossier.documentBy),
          }
        : null,
      undoneAt: dossier.undoneAt,
      undoneByName: nameOf(dossier.undoneBy),
    }
  }

  return {
    history(
      { training = false, offset = 0, limit = 20 }: DossierHistoryQuery,
      viewer: Person,
    ): DossierHistory {
      const page = store.history({ sentOnly: viewer.role === 'cityOffice', training, offset, limit })
      return { items: page.items.map(summaryOf), total: page.total }
    },

    /** Throws DOSSIER_NOT_FOUND. */
    view: (id: number, viewer: Person): DossierView => viewOf(mustSee(id, viewer), viewer),

    /** Freezes these cases as they are now under a number of their own. Throws as `mustWait`, and DOSSIER_MIXED_TRAINING. */
    compile({ itemIds }: CompileDossier, actor: Person): DossierView {
      const dossier = transaction(() => compiled(itemIds, null, actor))
      tell(inIt(dossier))
      return viewOf(dossier, actor)
    },

    /** The cover's words, before it is sent. */
    edit(id: number, { revision, cover }: EditDossier, actor: Person): DossierView {
      const dossier = transaction(() => {
        const { dossier: before } = mayTake(id, 'edit', actor, revision)
        const text = cover === null ? null : saidWhy(cover)
        return store.setDossier(id, { cover: text, revision: before.revision + 1 })
      })
      return viewOf(dossier, actor)
    },

    /** Back on the list with a reason. The last one stays: a dossier of nothing is undone. Throws DOSSIER_LAST_CASE too. */
    takeOut(id: number, { revision, itemId, why }: TakeOutOfDossier, actor: Person): DossierView {
      const at = ports.now().toISOString()
      const { dossier, out } = transaction(() => {
        const { dossier: before } = mayTake(id, 'takeOut', actor, revision)
        const entries = inIt(before)
        const taken = entries.filter((entry) => entry.itemId === itemId)
        const rest = entries.filter((entry) => entry.itemId !== itemId)
        if (taken.length === 0)
          throw new AppError('notFound', 'DOSSIER_ITEM_NOT_FOUND', 'no such case in this dossier')
        if (rest.length === 0)
          throw new AppError('conflict', 'DOSSIER_LAST_CASE', 'the last case stays: undo the dossier')
        const said = saidWhy(why)
        store.release(id, itemId, { at, by: actor.id, why: said })
        note(taken, 'dossierTakenOut', at, actor.id, { number: before.number, why: said })
        return { dossier: store.setDossier(id, { revision: before.revision + 1 }), out: taken }
      })
      tell(out)
      return viewOf(dossier, actor)
    },

    /** Compiling never was: its cases wait on the list again, the number stays used. */
    undo(id: number, revision: number, actor: Person): DossierView {
      const { dossier, freed } = transaction(() => undone(id, 'undo', revision, actor))
      tell(freed)
      return viewOf(dossier, actor)
    },

    /** The same cases as they are now, with the words that somebody wrote, under a new number; the old one is undone. */
    recompile(id: number, revision: number, actor: Person): DossierView {
      const dossier = transaction(() => {
        const { dossier: old, freed } = undone(id, 'recompile', revision, actor)
        return compiled(
          freed.map(({ itemId }) => itemId),
          old.cover,
          actor,
        )
      })
      tell(inIt(dossier))
      return viewOf(dossier, actor)
    },

    /**
     * To the City Office: both files are drawn and kept, then it cannot be changed any more. Once; a second click is refused.
     * Throws DOSSIER_MOVED where clocks have moved since it was compiled and nobody said that it goes all the same.
     */
    async send(
      id: number,
      { revision, confirmMoved = false }: SendDossier,
      actor: Person,
    ): Promise<DossierView> {
      const at = ports.now().toISOString()
      const { dossier: read } = mayTake(id, 'send', actor, revision)
      if (!confirmMoved) mustSayWhatIs(read, actor)
      const paper = paperOf(read, { at, byName: actor.name })
      const contentHash = contentHashOf(paper)
      const files = [
        { kind: 'pdf' as const, bytes: await ports.print('pdf', paper, contentHash) },
        { kind: 'xlsx' as const, bytes: await ports.print('xlsx', paper, contentHash) },
      ]
      const dossier = transaction(() => {
        // Whoever changed or sent it while it was drawn was faster.
        const { dossier: before, to } = mayTake(id, 'send', actor, revision)
        // So was whoever changed the calendar.
        if (!confirmMoved) mustSayWhatIs(before, actor)
        const dueAt = dueNow(before)
        if (isLate(dueAt, at) !== paper.late)
          throw new AppError('conflict', 'DOSSIER_CHANGED', 'it became due at another time meanwhile')
        for (const file of files) store.addFile({ dossierId: id, sha256: sha256(file.bytes), ...file })
        const sent = { state: to, sentAt: at, sentBy: actor.id, sentLate: paper.late, contentHash, dueAt }
        note(inIt(before), 'dossierSent', at, actor.id, { number: before.number, late: String(paper.late) })
        return store.setDossier(id, { ...sent, revision: before.revision + 1 })
      })
      tell(inIt(dossier))
      return viewOf(dossier, actor)
    },

    /** What the Chairman asked for in writing, once. Throws DOSSIER_DATE for a day that is none, or is to come, DOCUMENT_DATE_TOO_OLD. */
    recordDocument(id: number, given: RecordDocument, actor: Person): DossierView {
      const at = ports.now().toISOString()
      const dossier = transaction(() => {
        const { dossier: before, to } = mayTake(id, 'recordDocument', actor, null)
        const number = saidWhy(given.number)
        const documentText = saidWhy(given.text)
        if (!isDayUntil(given.date, ports.now()))
          throw new AppError('invalid', 'DOSSIER_DATE', 'no such day, or one to come')
        if (isTooOldDocument(given.date, ports.now()))
          throw new AppError(
            'invalid',
            'DOCUMENT_DATE_TOO_OLD',
            'a document of so long ago is a year mistyped',
          )
        const document = { documentNumber: number, documentDate: given.date, documentText }
        const detail = { number: before.number, document: number, date: given.date }
        note(inIt(before), 'dossierDocument', at, actor.id, detail)
        const made = { state: to, documentAt: at, documentBy: actor.id, revision: before.revision + 1 }
        return store.setDossier(id, { ...document, ...made })
      })
      tell(inIt(dossier))
      return viewOf(dossier, actor)
    },

    /**
     * The file as it was sent, or a draft that says it is one; each reading of it is in the audit log. Throws DOSSIER_NOT_FOUND, and
     * DOSSIER_CONFIDENTIAL where it holds a case that the reader may not read.
     */
    async download(
      id: number,
      kind: DossierFileKind,
      reader: Person,
    ): Promise<{ readonly name: string; readonly bytes: Buffer }> {
      const dossier = mustSee(id, reader)
      if (!inIt(dossier).every((entry) => mayRead(entry, reader)))
        throw new AppError(
          'forbidden',
          'DOSSIER_CONFIDENTIAL',
          'it holds a confidential case of somebody else',
        )
      const sent = store.file(id, kind)
      const bytes = sent?.bytes ?? (await ports.print(kind, paperOf(dossier, null), null))
      ports.audit(reader.id, 'dossier.downloaded', `dossier:${String(id)}`, {
        kind,
        sha256: sent?.sha256 ?? sha256(bytes),
        draft: String(sent === undefined),
      })
      const suffix = sent === undefined ? '-ban-nhap' : ''
      return { name: `${dossier.number}${suffix}.${kind}`, bytes }
    },
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function firstDue(of: readonly { readonly dueAt: string | null }[]): string | null {
  const dues = of.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt])).sort()
  return dues[0] ?? null
}

/** On time up to and including the moment itself (regulation.md 2.5 A18). */
function isLate(dueAt: string | null, at: string): boolean {
  return dueAt !== null && at > dueAt
}

function isDayUntil(date: string, now: Date): boolean {
  const start = new Date(`${date}T00:00:00+07:00`)
  if (Number.isNaN(start.getTime()) || start.getTime() > now.getTime()) return false
  const { day } = toLocalTime(start)
  return day === Number(date.slice(8)) // 2026-02-30 is read as 2 March
}
