import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRow } from '../../src/calls/service.ts'
import { createCallStore } from '../../src/calls/store.ts'
import { openDb } from '../../src/db/open.ts'
import type { TicketView } from '../../src/tickets/contract.ts'
import { createTicketStore } from '../../src/tickets/store.ts'
import type { TicketTransfers } from '../../src/transfers/contract.ts'
import { createTransferStore } from '../../src/transfers/store.ts'
import type { Attempt, TransferRow } from '../../src/transfers/transfer-row.ts'
import { type Client, START_MS, startTestApp, type TestApp } from '../support/app.ts'

const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 2, 2) + seconds * 1_000).toISOString()
const CALL = 'pbx-1.1'

let app: TestApp
let operator: Client
let code: string

beforeAll(async () => {
  app = await startTestApp()
  operator = await app.signIn('operator')
  const opened = await operator.request('/api/tickets', { json: { channel: 'phone' } })
  ;({ code } = (await opened.json()) as TicketView)
  writeDown()
}, START_MS)
afterAll(() => app.close())

/** A call of the ticket, put through past one number that did not answer; and one that never was. */
function writeDown(): void {
  const db = openDb(app.config.databasePath, app.config.migrationsDir)
  const calls = createCallStore(db)
  const transfers = createTransferStore(db)
  const ticket = createTicketStore(db).findByCode(code)
  if (ticket === undefined) throw new Error('the ticket is not there')
  const call = aCallRow(ticket.id)
  calls.save(call)
  calls.save({ ...call, id: 'pbx-2.1' })
  calls.appendEvent(CALL, at(0), 'connected', operator.personId)
  transfers.save(aTransferRow())
  const event = (seconds: number, name: string, state: TransferRow['state']) => {
    const actorId = name === 'start' || name === 'complete' ? operator.personId : null
    transfers.addEvent({ transferId: 'abcd1', at: at(seconds), event: name, state, actorId })
  }
  event(60, 'start', 'starting')
  event(60, 'citizenIn', 'operatorAwaited')
  event(61, 'operatorIn', 'ringing')
  event(81, 'attemptFailed', 'ringing')
  event(90, 'agencyIn', 'consult')
  event(120, 'complete', 'completing')
  event(120, 'handedOver', 'completed')
  db.close()
}

function aCallRow(ticketId: number): CallRow {
  return {
    id: CALL,
    direction: 'in',
    state: 'ended',
    outcome: 'answered',
    numberRaw: '0950000777',
    numberE164: '+84950000777',
    numberDisplay: '0950 000 777',
    numberKind: 'mobile',
    callerName: null,
    line: '02251022',
    training: false,
    noticeVersion: null,
    recording: null,
    voicemailRecording: null,
    callbackAt: null,
    callbackE164: null,
    operatorId: operator.personId,
    ticketId,
    ticketCode: code,
    startedAt: at(-10),
    queuedAt: at(-5),
    answeredAt: at(0),
    endedAt: at(400),
    endedBy: 'caller',
    missedDoneAt: null,
    missedDoneBy: null,
  }
}

function aTransferRow(): TransferRow {
  const attempt: Attempt = {
    target: { number: '0225 000 0024', unitId: null, label: 'Trực ban · Điện lực', ask: true },
    number: { raw: '02250000024', e164: '+842250000024', display: '0225 000 0024', kind: 'landline' },
    dial: '02250000024',
    leg: 'transfer-abcd1-1',
    recording: 'consult-abcd1-1',
    state: 'noAnswer',
    startedAt: at(61),
    answeredAt: null,
    acceptedAt: null,
    endedAt: at(81),
    cause: 19,
  }
  const taken: Attempt = {
    ...attempt,
    leg: 'transfer-abcd1-2',
    state: 'accepted',
    startedAt: at(81),
    answeredAt: at(88),
    acceptedAt: at(90),
    endedAt: at(400),
    cause: 16,
  }
  return {
    id: 'abcd1',
    callId: CALL,
    ticketCode: code,
    operatorId: operator.personId,
    mode: 'consult',
    state: 'completed',
    citizenChannel: 'PJSIP/trunk-00000001',
    operatorLeg: 'pbx-1.2',
    operatorChannel: 'PJSIP/op-1-00000002',
    training: false,
    attempts: [attempt, taken],
    current: 1,
    startedAt: at(60),
    endedAt: at(120),
  }
}

describe('who heard whom in the calls of a ticket', () => {
  it.each(['operator', 'supervisor', 'admin'] as const)(
    'is told to whoever reads the ticket (%s)',
    async (role) => {
      const reader = await app.signIn(role)
      const reply = await reader.request(`/api/tickets/${code}/transfers`)
      expect(reply.status).toBe(200)
      const { calls } = (await reply.json()) as TicketTransfers
      expect(calls.map(({ callId }) => callId)).toEqual([CALL])
      const [past] = calls
      expect(past?.transfers.map(({ id, state }) => [id, state])).toEqual([['abcd1', 'completed']])
      expect(past?.transfers[0]?.attempts.map(({ state, cause }) => [state, cause])).toEqual([
        ['noAnswer', 19],
        ['accepted', 16],
      ])
      const heard = past?.spans.map(({ from, to, groups, attempt, end }) => [
        (Date.parse(to ?? '') - Date.parse(from)) / 1_000,
        groups.map(({ members, sound }) => `${members.join('+')} ${sound}`).join(', '),
        attempt,
        end?.cause,
        end?.by,
      ])
      expect(heard).toEqual([
        [60, 'operator+citizen talk', null, 'start', 'operator'],
        [1, 'operator moving, citizen music', null, 'arrived', null],
        [20, 'operator+agency ringing, citizen music', 0, 'notTaken', null],
        [9, 'operator+agency ringing, citizen music', 1, 'agencyTook', 'agency'],
        [30, 'operator+agency talk, citizen music', 1, 'complete', 'operator'],
        [280, 'citizen+agency talk', 1, 'left', 'citizen'],
      ])
      const name = past?.spans[0]?.operatorName
      expect(name).toMatch(/\S/)
      expect(past?.spans[0]?.end?.name).toBe(name)
      // What the exchange needs to know of a leg is nobody's business.
      expect(JSON.stringify(calls)).not.toMatch(/consult-abcd1|PJSIP|transfer-abcd1/)
    },
  )

  it('is empty where nobody was put through, and not found where there is no ticket', async () => {
    const opened = await operator.request('/api/tickets', { json: { channel: 'counter' } })
    const other = ((await opened.json()) as TicketView).code
    expect(await (await operator.request(`/api/tickets/${other}/transfers`)).json()).toEqual({ calls: [] })
    const missing = await operator.request('/api/tickets/HP26-999999/transfers')
    expect([missing.status, ((await missing.json()) as { code: string }).code]).toEqual([
      404,
      'TICKET_NOT_FOUND',
    ])
    expect((await operator.request('/api/tickets/nonsense/transfers')).status).toBe(422)
    expect((await fetch(`${app.url}/api/tickets/${code}/transfers`)).status).toBe(401)
  })
})
