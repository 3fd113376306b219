import { resolve } from 'node:path'
import { eq } from 'drizzle-orm'
import type { ChangeView } from '../../src/agencies/contract.ts'
import { calls } from '../../src/calls/tables.ts'
import type { DisclosureView } from '../../src/disclosures/contract.ts'
import type { DossierPage, DossierView } from '../../src/dossiers/contract.ts'
import { openDb } from '../../src/db/open.ts'
import { dayOf } from '../../src/agencies/effective-policy.ts'
import { discrepancies } from '../../src/reconciliation/tables.ts'
import { deletionRequests } from '../../src/retention/tables.ts'
import type { Hold, SubjectRequest } from '../../src/retention/contract.ts'
import { ticketCalls } from '../../src/tickets/tables.ts'
import type { TicketView } from '../../src/tickets/contract.ts'
import { transfers } from '../../src/transfers/tables.ts'
import type { Client, TestApp } from './app.ts'
import { storeRecording } from './stored-recording.ts'

const MIGRATIONS = resolve(import.meta.dirname, '../../migrations')

/**
 * `own`: held by operator mai and with the unit chieu-sang; `other`: held by operator tuan and with so-xay-dung; `secret` is the same,
 * confidential; `desk`: held by mai, received, and sent to no unit.
 */
export const PLANTED = ['own', 'other', 'ownSecret', 'otherSecret', 'desk'] as const
export type PlantedName = (typeof PLANTED)[number]

/** A case with one of everything that hangs on it; null for what it cannot have. */
export interface PlantedCase {
  readonly name: PlantedName
  readonly code: string
  readonly unitId: string | null
  readonly operatorId: number
  readonly callId: string
  readonly missedCallId: string
  readonly recordingId: number
  readonly attachmentId: number
  /** A draft of the unit's answer. */
  readonly answerFileId: number | null
  /** Path of the page behind the SMS link. */
  readonly slipPath: string | null
  readonly disclosureId: number | null
  readonly deletionId: number
  readonly holdId: number
  readonly listedId: number | null
  readonly dossierId: number | null
  readonly transferId: string
  readonly discrepancyId: number
  /** Somebody of the unit, with an account of their own, and a change of the directory about the unit that is still to come. */
  readonly personId: number | null
  readonly changeId: number | null
  /** An access request of the reporter's number. */
  readonly subjectRequestId: number
  /** Text of who reported it, in lower case: name, number, e-mail, address. */
  readonly reporter: readonly string[]
  /** Text of what it is about and what was added to it. */
  readonly matter: readonly string[]
  /** Words by which somebody may look for it: full number, name, content. */
  readonly searches: readonly string[]
}

/** The cases, filed over HTTP where a desk would, and written beside it where only the PBX could. */
export async function plantCases(app: TestApp, as: (who: string) => Client): Promise<PlantedCase[]> {
  const planted: PlantedCase[] = []
  for (const [index, name] of PLANTED.entries()) planted.push(await plant(app, as, { name, index }))
  return planted
}

async function plant(
  app: TestApp,
  as: (who: string) => Client,
  { name, index }: { readonly name: PlantedName; readonly index: number },
): Promise<PlantedCase> {
  const isSecret = name.endsWith('Secret')
  const isOwn = name.startsWith('own')
  const operator = isOwn || name === 'desk' ? 'mai' : 'tuan'
  const [officer, unitId] = isOwn ? (['phiet', 'chieu-sang'] as const) : (['khoat', 'so-xay-dung'] as const)
  const digits = `95000012${String(index)}`
  const word = (what: string): string => `zq${what}${String(index)}`
  async function send<T>(who: string, path: string, json: unknown, method = 'POST'): Promise<T> {
    const reply = await as(who).request(
      path,
      json instanceof FormData ? { method, body: json } : { json, method },
    )
    if (!reply.ok) throw new Error(`${path} answered ${String(reply.status)}: ${await reply.text()}`)
    return (await reply.json()) as T
  }
  const upload = (what: string): FormData => {
    const form = new FormData()
    form.append('file', new Blob([`%PDF-1.7\n${word(what)}\n`]), `${word(what)}.pdf`)
    return form
  }
  const callId = `planted-${String(index)}.1`
  const { code } = await send<TicketView>(operator, '/api/tickets', { channel: 'counter' })
  const path = `/api/tickets/${code}`
  const view = async (): Promise<TicketView> => (await as('lan').request(path)).json() as Promise<TicketView>
  const move = async (who: string, action: string, more: object = {}): Promise<TicketView> =>
    send(who, `${path}/moves`, { version: (await view()).version, action, ...more })

  const attached = await send<TicketView>(operator, `${path}/attachments`, upload('file'))
  const { version } = await send<TicketView>(
    operator,
    path,
    {
      version: attached.version,
      form: {
        content: `Đèn đường tắt ${word('content')}`,
        title: `Đèn tắt ${word('title')}`,
        place: `12 Lạch Tray ${word('place')}`,
        confidential: isSecret,
        urgent: name !== 'desk',
        reporter: {
          type: 'individual',
          name: `Phạm Văn ${word('name')}`,
          organisation: null,
          phone: `0${digits}`,
          email: `${word('mail')}@example.test`,
          address: `Ngõ ${word('street')}`,
        },
      },
    },
    'PATCH',
  )
  if (name === 'desk') await send(operator, `${path}/receive`, { version })
  else {
    await send(operator, `${path}/slips`, {
      version,
      unitId,
      note: word('verified'),
      override: { reason: 'agreed', text: 'thử' },
    })
    await move(officer, 'accept')
  }
  await send(operator, `${path}/notes`, { text: word('note') })
  const drafted =
    name === 'desk' ? null : await send<TicketView>(officer, `${path}/answer-files`, upload('draft'))

  const seconds = new Int16Array(2 * 8_000)
  const startedAt = new Date()
  const number = { raw: `0${digits}`, e164: `+84${digits}`, display: `0${digits}` }
  const recordingId = storeRecording(app.config, {
    ticketCode: code,
    sides: [seconds, seconds],
    callId,
    startedAt,
    operatorId: as(operator).personId,
    number,
    callerName: word('shown'),
  })
  const missedCallId = `planted-${String(index)}.2`
  const operatorId = as(operator).personId
  const rows = plantRows(app, { code, callId, missedCallId, recordingId, word, operatorId })
  await send(operator, `/api/recordings/${String(recordingId)}/notes`, { atMs: 10, text: word('heard') })
  const disclosureId = name === 'desk' ? null : await disclose()
  const reason = `Giữ lại để xác minh ${word('reason')}`
  const hold = await send<Hold>('lan', '/api/retention/holds', { ticketCode: code, reason })
  const subject = await send<SubjectRequest>('lan', '/api/personal-data', {
    kind: 'access',
    number: `0${digits}`,
    identity: 'Đã xem căn cước của người yêu cầu',
  })
  const listed = name === 'desk' ? null : await compile()
  return {
    name,
    code,
    unitId: name === 'desk' ? null : unitId,
    operatorId,
    callId,
    missedCallId,
    recordingId,
    attachmentId: attached.attachments[0]?.id ?? 0,
    answerFileId: drafted?.draftFiles[0]?.id ?? null,
    slipPath: (await view()).slips[0]?.path ?? null,
    disclosureId,
    ...rows,
    holdId: hold.id,
    listedId: listed?.itemId ?? null,
    dossierId: listed?.dossierId ?? null,
    transferId: `planted${String(index)}`,
    subjectRequestId: subject.id,
    ...(isSecret || name === 'desk' ? { personId: null, changeId: null } : await staff()),
    reporter: [digits, word('name'), word('mail'), word('street'), word('shown')],
    matter: ['content', 'title', 'place', 'file', 'verified', 'note', 'draft', 'heard'].map(word),
    searches: [`0${digits}`, word('name'), word('content'), word('title')],
  }

  async function disclose(): Promise<number> {
    if (isSecret) await move('lan', 'releaseReporter', { reason: 'Cần xác minh trực tiếp' })
    const asked = await send<DisclosureView>(officer, `${path}/disclosures`, {
      recordingId,
      reason: 'Xác minh địa chỉ người dân nêu trong cuộc gọi',
      personIds: [as(officer).personId],
      mode: 'download',
      hours: 24,
    })
    await send('lan', `/api/disclosures/${String(asked.id)}/approve`, {
      revision: asked.revision,
      personIds: asked.asked.people.map(({ id }) => id),
      mode: 'download',
      hours: 24,
    })
    if (isSecret) await move('lan', 'coverReporter', { reason: 'Đã xác minh xong' })
    return asked.id
  }

  async function staff() {
    const { person } = await send<{ person: { id: number } }>('admin', '/api/people', {
      username: `can-bo-${String(index)}`,
      name: 'Cán bộ thử',
      role: 'officer',
      unitId,
    })
    const change = await send<ChangeView>('admin', '/api/directory/changes', {
      effectiveOn: dayOf(new Date(Date.now() + 3 * 86_400_000)),
      why: 'Quyết định thử',
      change: {
        kind: 'personAdded',
        unitId,
        person: {
          name: 'Cán bộ mới',
          position: 'Chuyên viên',
          role: 'officer',
          phone: '0950 000 130',
          mustPress: true,
          shifts: null,
        },
      },
    })
    return { personId: person.id, changeId: change.id }
  }

  async function compile() {
    const page = (await (await as('lan').request('/api/dossier?show=open')).json()) as DossierPage
    const itemId = page.items.find(({ ticketCode }) => ticketCode === code)?.id ?? 0
    const made = await send<DossierView>('lan', '/api/dossiers', { itemIds: [itemId] })
    await send('lan', `/api/dossiers/${String(made.id)}/send`, { revision: made.revision })
    return { itemId, dossierId: made.id }
  }
}

/** What the PBX leaves: a call that nobody took, a transfer; and what a night's comparison finds. */
function plantRows(
  { config }: Pick<TestApp, 'config'>,
  one: {
    readonly code: string
    readonly callId: string
    readonly missedCallId: string
    readonly recordingId: number
    readonly word: (what: string) => string
    readonly operatorId: number
  },
): Pick<PlantedCase, 'deletionId' | 'discrepancyId'> {
  const db = openDb(config.databasePath, MIGRATIONS)
  try {
    return db.transaction(() => {
      const call = db.orm.select().from(calls).where(eq(calls.id, one.callId)).get()
      if (call === undefined) throw new Error('no call')
      const missed = { ...call, id: one.missedCallId, outcome: 'abandoned' as const, operatorId: null }
      db.orm
        .insert(calls)
        .values({ ...missed, answeredAt: null })
        .run()
      db.orm
        .insert(ticketCalls)
        .values({
          callId: one.missedCallId,
          ticketId: call.ticketId ?? 0,
          relation: 'linked',
          at: call.startedAt,
        })
        .run()
      db.orm
        .insert(transfers)
        .values({
          id: one.callId.replace('-', '').replace('.1', ''),
          callId: one.callId,
          ticketCode: one.code,
          operatorId: one.operatorId,
          mode: 'consult',
          state: 'returned',
          citizenChannel: one.callId,
          operatorLeg: 'leg',
          operatorChannel: 'channel',
          training: false,
          attempts: [],
          current: -1,
          startedAt: call.startedAt,
          endedAt: call.endedAt,
        })
        .run()
      const { id: deletionId } = db.orm
        .insert(deletionRequests)
        .values({
          revision: 1,
          state: 'requested',
          recordingId: one.recordingId,
          cause: 'early',
          reason: 'Không còn cần đến',
          askedBy: one.operatorId,
          askedAt: call.startedAt,
        })
        .returning({ id: deletionRequests.id })
        .get()
      const { id: discrepancyId } = db.orm
        .insert(discrepancies)
        .values({
          kind: 'ticketDiffers',
          subject: one.callId,
          since: call.startedAt,
          foundAt: call.startedAt,
          lastSeenAt: call.startedAt,
          ticketCode: one.code,
          count: 1,
          state: 'open',
        })
        .returning({ id: discrepancies.id })
        .get()
      return { deletionId, discrepancyId }
    })
  } finally {
    db.close()
  }
}
