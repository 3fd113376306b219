import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CallDesk, createCallDesk, journal, MAI, TUAN } from '../support/call-desk.ts'

let desk: CallDesk
beforeEach(() => {
  desk = createCallDesk()
  desk.ready(MAI)
  desk.ready(TUAN)
})
afterEach(() => desk.close())

const step = (seconds = 1): Date => {
  desk.pass(seconds * 1000)
  return desk.now()
}
const event = (callId: string, given: Parameters<CallDesk['calls']['event']>[1]) => {
  desk.calls.event(callId, given, step())
}
const stateOf = (operatorId: number) => desk.presence.view(operatorId).state
const ticketOf = (callId: string) => {
  const ref = desk.tickets.byCall(callId)
  if (ref === undefined) throw new Error('no ticket')
  return desk.tickets.view(ref.code, {
    id: 1,
    username: 'x',
    name: 'x',
    role: 'supervisor',
    unitId: null,
    active: true,
    mustChangePassword: false,
  })
}
const ticketCount = () =>
  desk.tickets.list({}, ticketViewer).total + desk.tickets.list({ training: true }, ticketViewer).total
const ticketViewer = {
  id: 1,
  username: 'x',
  name: 'x',
  role: 'supervisor',
  unitId: null,
  active: true,
  mustChangePassword: false,
} as const

/** A citizen calls, both phones ring, Mai answers. */
function answered(callId = 'c1', from = '0950000777'): void {
  desk.arrive(callId, { from, at: step() })
  event(callId, { type: 'queued' })
  event(callId, { type: 'offered', operatorId: MAI })
  event(callId, { type: 'offered', operatorId: TUAN })
  event(callId, { type: 'connected', operatorId: MAI })
}

describe('a call that is answered', () => {
  it('opens the taker’s ticket and closes every other pop with the taker’s name', () => {
    answered()
    expect(desk.popEnds).toEqual([
      { operatorId: MAI, callId: 'c1', reason: 'answered', operatorName: null },
      { operatorId: TUAN, callId: 'c1', reason: 'answeredElsewhere', operatorName: 'Nguyễn Thị Mai' },
    ])
    expect(stateOf(MAI)).toBe('onCall')
    expect(stateOf(TUAN)).toBe('ready')
    expect(desk.told.at(-1)?.view).toMatchObject({ id: 'c1', state: 'talking', ticketCode: 'HP26-000001' })
    expect(ticketOf('c1')).toMatchObject({ state: 'draft', operatorId: MAI })
  })

  it('ends in wrap-up, one ticket and one acknowledgement', () => {
    answered()
    event('c1', { type: 'ended' })
    event('c1', { type: 'ended' })
    expect(stateOf(MAI)).toBe('wrapUp')
    expect(ticketCount()).toBe(1)
    expect(desk.acknowledged).toEqual(['c1'])
    expect(desk.collected).toEqual(['c1'])
    expect(desk.missed).toEqual([])
    expect(desk.calls.find('c1')).toMatchObject({ outcome: 'answered' })
  })

  it('is in the first operator’s wrap-up and the second one’s hands when a line is lost', () => {
    answered()
    event('c1', { type: 'queued' })
    expect(stateOf(MAI)).toBe('wrapUp')
    expect(desk.told.at(-1)).toMatchObject({ operatorId: MAI, view: { id: 'c1', state: 'ended' } })
    expect(desk.calls.current(MAI)).toMatchObject({ id: 'c1', state: 'ended' })
    expect(desk.waiting).toMatchObject([{ callId: 'c1', back: true }])
    event('c1', { type: 'offered', operatorId: TUAN })
    const code = desk.calls.find('c1')?.ticketCode ?? ''
    expect(code).not.toBe('')
    expect(desk.popsOf(TUAN)[0]?.back).toEqual({
      operatorName: 'Nguyễn Thị Mai',
      ticketCode: code,
      agency: null,
      isReached: false,
    })
    event('c1', { type: 'connected', operatorId: TUAN })
    expect(stateOf(TUAN)).toBe('onCall')
    expect(desk.calls.current(TUAN)).toMatchObject({ id: 'c1', state: 'talking' })
    event('c1', { type: 'ended' })
    expect(stateOf(TUAN)).toBe('wrapUp')
    expect(ticketCount()).toBe(1)
  })

  it('comes back marked with whom it was put through to in vain, before all who wait longer', () => {
    desk.arrive('c0')
    event('c0', { type: 'queued' })
    answered()
    desk.tried.set('c1', { label: 'Trực ban · Điện lực', isReached: false })
    event('c1', { type: 'queued' })
    expect(desk.waiting.map(({ callId, back }) => [callId, back])).toEqual([
      ['c1', true],
      ['c0', false],
    ])
    event('c1', { type: 'offered', operatorId: TUAN })
    expect(desk.popsOf(TUAN)[0]?.back?.agency).toBe('Trực ban · Điện lực')
  })

  it('frees the first operator when another takes the citizen over without the queue', () => {
    answered()
    event('c1', { type: 'connected', operatorId: TUAN })
    expect(stateOf(MAI)).toBe('wrapUp')
    expect(stateOf(TUAN)).toBe('onCall')
    expect(desk.told.filter(({ operatorId }) => operatorId === MAI).at(-1)?.view.state).toBe('ended')
  })

  it('gives the operator the form as soon as it is known who answered', () => {
    desk.arrive('c1')
    event('c1', { type: 'queued' })
    event('c1', { type: 'connected', operatorId: null })
    event('c1', { type: 'connected', operatorId: MAI })
    expect(ticketOf('c1')).toMatchObject({ state: 'draft', operatorId: MAI })
    expect(stateOf(MAI)).toBe('onCall')
  })

  it('is not taken back into the queue by an event that comes late or twice', () => {
    desk.arrive('c1', { at: step() })
    const queuedAt = step()
    desk.calls.event('c1', { type: 'queued' }, queuedAt)
    event('c1', { type: 'connected', operatorId: MAI })
    desk.calls.event('c1', { type: 'queued' }, queuedAt)
    expect(desk.calls.find('c1')?.state).toBe('talking')
    expect(stateOf(MAI)).toBe('onCall')
  })

  it('begins the wrap-up when the operator’s own line goes, before the citizen’s', () => {
    answered()
    desk.calls.channelGone('leg-1', MAI, 'c1', step())
    expect(stateOf(MAI)).toBe('wrapUp')
    expect(desk.calls.find('c1')?.state).toBe('talking')
  })

  it('says who let go first', () => {
    answered()
    desk.calls.noteRelease('c1', 'operator')
    event('c1', { type: 'ended' })
    expect(desk.calls.find('c1')?.endedBy).toBe('operator')
  })

  it('shows hold to its operator and takes the citizen back', () => {
    answered()
    desk.calls.operatorHeld('leg-1', MAI, true, step())
    expect(desk.calls.find('c1')?.state).toBe('held')
    desk.calls.operatorHeld('c1', MAI, false, step())
    expect(desk.calls.find('c1')?.state).toBe('talking')
  })
})

describe('a call that nobody answered', () => {
  it('is missed, and a ticket to ring back, when the citizen hangs up in the queue', () => {
    desk.arrive('c1')
    event('c1', { type: 'queued' })
    event('c1', { type: 'offered', operatorId: MAI })
    event('c1', { type: 'ended' })
    expect(desk.popEnds).toMatchObject([{ operatorId: MAI, reason: 'callerGone', operatorName: null }])
    expect(desk.missed).toMatchObject([{ callId: 'c1', reason: 'abandoned', times: 1 }])
    expect(ticketOf('c1')).toMatchObject({ state: 'received', form: { kind: 'callback' } })
    expect(stateOf(MAI)).toBe('ready')
    expect(desk.waiting).toEqual([])
  })

  it('is said to be cut off, and not to have hung up, where the PBX ended with it', () => {
    desk.arrive('c1')
    event('c1', { type: 'queued' })
    desk.calls.event('c1', { type: 'ended' }, step(), { endedBy: 'system' })
    expect(desk.missed).toMatchObject([{ callId: 'c1', reason: 'cutOff' }])
  })

  it('leaves the missed list when somebody rings back and is answered', () => {
    desk.arrive('c1')
    event('c1', { type: 'ended' })
    const code = ticketOf('c1').code
    desk.dial('d1', MAI, '0950 000 777', code)
    expect(desk.missed).toHaveLength(1)
    expect(stateOf(MAI)).toBe('onCall')
    event('d1', { type: 'connected', operatorId: MAI })
    expect(desk.missed).toEqual([])
    event('d1', { type: 'ended' })
    expect(ticketCount()).toBe(1)
    expect(desk.calls.ofTicket(desk.tickets.byCall('c1')?.id ?? 0).map(({ id }) => id)).toEqual(['c1', 'd1'])
  })

  it('stays in the missed list when the call back is not answered', () => {
    desk.arrive('c1')
    event('c1', { type: 'ended' })
    desk.dial('d1', MAI, '0950000777', ticketOf('c1').code)
    event('d1', { type: 'ended' })
    expect(desk.calls.find('d1')?.outcome).toBe('noAnswer')
    expect(desk.calls.missed()).toHaveLength(1)
    expect(stateOf(MAI)).toBe('wrapUp')
  })

  it('leaves the missed list when the citizen calls again and is answered', () => {
    desk.arrive('c1')
    event('c1', { type: 'ended' })
    answered('c2')
    expect(desk.missed).toEqual([])
  })

  it('is folded into one line per number, the newest first', () => {
    desk.arrive('c1')
    event('c1', { type: 'ended' })
    desk.arrive('c2')
    event('c2', { type: 'ended' })
    desk.arrive('c3', { from: 'anonymous' })
    event('c3', { type: 'ended' })
    desk.arrive('c4', { from: 'anonymous' })
    event('c4', { type: 'ended' })
    expect(desk.missed.map(({ callId, times }) => [callId, times])).toEqual([
      ['c4', 1],
      ['c3', 1],
      ['c2', 2],
    ])
    desk.calls.missedDone('c2', MAI)
    desk.calls.missedDone('c3', MAI)
    expect(desk.missed.map(({ callId }) => callId)).toEqual(['c4'])
  })

  it('is rung back at the number the citizen keyed in, though another one called', () => {
    desk.arrive('c1', { from: '0950000777' })
    desk.calls.event('c1', { type: 'callbackAsked' }, step(), { callbackNumber: '0950000888' })
    event('c1', { type: 'ended' })
    expect(desk.missed).toMatchObject([
      { callId: 'c1', reason: 'callback', number: { e164: '+84950000888', display: '0950 000 888' } },
    ])
    expect(desk.calls.find('c1')?.number.e164).toBe('+84950000777')
    const ticket = ticketOf('c1')
    expect(ticket.form.title).toContain('0950 000 888')
    expect(ticket.form.reporter.phone).toBe('0950 000 888')
    desk.dial('d1', MAI, '0950000888', ticket.code)
    event('d1', { type: 'connected', operatorId: MAI })
    expect(desk.missed).toEqual([])
  })

  it('is rung back at the number that an anonymous citizen keyed in', () => {
    desk.arrive('c1', { from: 'anonymous' })
    desk.calls.event('c1', { type: 'callbackAsked' }, step(), { callbackNumber: '0950000888' })
    event('c1', { type: 'ended' })
    expect(desk.missed).toMatchObject([{ number: { e164: '+84950000888' } }])
  })

  it('keeps the message and waits for its recording', () => {
    desk.arrive('c1')
    desk.calls.event('c1', { type: 'messageStarted' }, step(), { voicemailRecording: 'vm-c1' })
    event('c1', { type: 'ended' })
    expect(desk.missed).toMatchObject([{ reason: 'voicemail' }])
    expect(desk.expected).toContainEqual({ callId: 'c1', kind: 'voicemail', base: 'vm-c1' })
  })

  it('after an operator’s line was lost is rung back, whether the citizen gave up or asked for it', () => {
    answered('c1')
    event('c1', { type: 'queued' })
    event('c1', { type: 'ended' })
    answered('c2', '0950000888')
    event('c2', { type: 'queued' })
    desk.calls.event('c2', { type: 'callbackAsked' }, step(), { callbackNumber: '0950000888' })
    event('c2', { type: 'ended' })
    expect(desk.missed.map(({ callId, reason }) => [callId, reason])).toEqual([
      ['c2', 'callback'],
      ['c1', 'abandoned'],
    ])
    expect(ticketCount()).toBe(2)
    expect(ticketOf('c2').events.map(({ type }) => type)).toContain('callEnded')
  })
})

describe('a training call', () => {
  it('is in nobody’s missed list, history or count of the day', () => {
    desk.arrive('t1', { training: true })
    event('t1', { type: 'ended' })
    expect(desk.calls.missed()).toEqual([])
    desk.arrive('c1')
    event('c1', { type: 'offered', operatorId: MAI })
    expect(desk.popsOf(MAI)[0]).toMatchObject({
      lastCalls: [],
      back: null,
      callsToday: 1,
      missedToday: 0,
      openTickets: [],
    })
    expect(desk.tickets.list({}, ticketViewer).total).toBe(0)
  })

  it('does not take a real citizen off the missed list', () => {
    desk.arrive('c1')
    event('c1', { type: 'ended' })
    desk.arrive('t1', { training: true })
    event('t1', { type: 'connected', operatorId: MAI })
    event('t1', { type: 'ended' })
    expect(desk.calls.missed().map(({ callId }) => callId)).toEqual(['c1'])
  })
})

describe('the pop', () => {
  it('knows who calls, what is open and what was missed today', () => {
    answered('c1')
    const { code, version, form } = ticketOf('c1')
    desk.tickets.save(
      code,
      { version, form: { reporter: { ...form.reporter, name: 'Phạm Văn Đại' }, content: 'Đèn hỏng' } },
      ticketViewer,
    )
    event('c1', { type: 'ended' })
    desk.arrive('c2', { at: step(120) })
    event('c2', { type: 'ended' })
    desk.arrive('c3', { at: step(120) })
    event('c3', { type: 'offered', operatorId: TUAN })
    expect(desk.popsOf(TUAN)[0]).toMatchObject({
      number: { display: '0950 000 777' },
      line: '02251022',
      caller: { certainty: 'known', name: 'Phạm Văn Đại' },
      openTickets: [{ state: 'received' }, { code, state: 'draft' }],
      lastCalls: [
        { id: 'c2', outcome: 'abandoned', operatorName: null },
        { id: 'c1', outcome: 'answered', operatorName: 'Nguyễn Thị Mai' },
      ],
      back: null,
      callsToday: 3,
      missedToday: 1,
    })
  })

  it.each([
    ['anonymous', { kind: 'anonymous', e164: null }],
    ['+81312345678', { kind: 'foreign', e164: '+81312345678' }],
    ['113', { kind: 'short', e164: '113' }],
    ['x'.repeat(500), { kind: 'unknown', e164: null }],
    ['1"; DROP TABLE calls; --', { kind: 'unknown', e164: null }],
  ])('of %s is shown and filed like any other', (from, number) => {
    desk.arrive('c1', { from })
    event('c1', { type: 'offered', operatorId: MAI })
    expect(desk.popsOf(MAI)[0]).toMatchObject({ number, caller: { certainty: 'unknown' } })
    event('c1', { type: 'ended' })
    expect(ticketCount()).toBe(1)
    expect(desk.missed).toHaveLength(1)
  })

  it.each([
    'Ph"ạm, B',
    '${SHELL(id)}',
    'a\r\nAction: Originate',
    '\u202eevil\u0000',
    '\ud800',
    'N'.repeat(500),
    '<script>',
  ])('takes the name %j as text', (name) => {
    desk.arrive('c1', { name })
    event('c1', { type: 'offered', operatorId: MAI })
    const shown = desk.popsOf(MAI)[0]?.caller.name ?? ''
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    expect(shown.length).toBeLessThanOrEqual(80)
    event('c1', { type: 'connected', operatorId: MAI })
    expect(ticketOf('c1').form.reporter.name).toBe('')
  })

  it('closes for the phone that rang out and stays for the one that rings on', () => {
    desk.arrive('c1')
    event('c1', { type: 'offered', operatorId: MAI })
    event('c1', { type: 'offered', operatorId: TUAN })
    event('c1', { type: 'offerEnded', operatorId: MAI })
    expect(desk.popsOf(MAI)).toEqual([])
    expect(desk.popsOf(TUAN)).toHaveLength(1)
    expect(desk.calls.find('c1')?.state).toBe('ringing')
    event('c1', { type: 'offerEnded', operatorId: MAI })
    event('c1', { type: 'offerEnded', operatorId: TUAN })
    expect(desk.calls.find('c1')?.state).toBe('queued')
    expect(desk.popEnds.map(({ reason }) => reason)).toEqual(['noAnswer', 'noAnswer'])
  })

  it('of a phone that stopped ringing while the PBX line was cut closes at the resync', () => {
    desk.arrive('c1')
    event('c1', { type: 'queued' })
    event('c1', { type: 'offered', operatorId: MAI })
    desk.calls.ringingNow(new Map([['c1', new Set([TUAN])]]), step())
    expect(desk.popsOf(MAI)).toEqual([])
    expect(desk.popsOf(TUAN)).toHaveLength(1)
    desk.calls.ringingNow(new Map(), step())
    expect(desk.popsOf(TUAN)).toEqual([])
    expect(desk.calls.find('c1')?.state).toBe('queued')
  })

  it('stays as it is at a resync while the phone rings on', () => {
    desk.arrive('c1')
    event('c1', { type: 'offered', operatorId: MAI })
    const before = desk.popsOf(MAI)
    desk.calls.ringingNow(new Map([['c1', new Set([MAI])]]), step())
    expect(desk.popsOf(MAI)[0]).toBe(before[0])
  })
})

describe('the journal', () => {
  const BASE = Date.UTC(2026, 2, 2, 0, 30)

  it('files a call whose end came while the service was dead, once, however often it is read', () => {
    const entry = journal('c1', BASE, '&q=1000&con=9000&mem=op-11&end=60000&cause=16')
    desk.calls.replay(entry)
    desk.calls.replay(entry)
    expect(ticketCount()).toBe(1)
    expect(ticketOf('c1')).toMatchObject({ state: 'draft', operatorId: MAI })
    expect(desk.calls.find('c1')).toMatchObject({
      outcome: 'answered',
      queuedAt: new Date(BASE + 1000).toISOString(),
      answeredAt: new Date(BASE + 9000).toISOString(),
      endedAt: new Date(BASE + 60_000).toISOString(),
    })
    expect(desk.acknowledged).toEqual(['c1', 'c1'])
  })

  it('of a call that is over neither busies the operator nor takes the place of the call at hand', () => {
    answered('c2')
    desk.told.length = 0
    desk.calls.replay(journal('c1', BASE, '&q=1000&con=9000&mem=op-11&end=60000'))
    desk.calls.replay(journal('c0', BASE, '&q=1000&con=9000&mem=op-12&end=60000', '0950000888'))
    expect(stateOf(MAI)).toBe('onCall')
    expect(stateOf(TUAN)).toBe('ready')
    expect(desk.calls.current(MAI)?.id).toBe('c2')
    expect(desk.told).toEqual([])
    event('c2', { type: 'ended' })
    expect(stateOf(MAI)).toBe('wrapUp')
  })

  it('tells an operator that the call on the screen ended while the service was away', () => {
    desk.arrive('c1', { at: new Date(BASE) })
    desk.calls.event('c1', { type: 'queued' }, new Date(BASE + 1000))
    desk.calls.event('c1', { type: 'connected', operatorId: MAI }, new Date(BASE + 9000))
    desk.restart()
    expect(stateOf(MAI)).toBe('onCall')
    expect(desk.calls.current(MAI)).toMatchObject({ id: 'c1', state: 'talking' })
    desk.told.length = 0
    desk.calls.replay(journal('c1', BASE, '&q=1000&con=9000&mem=op-11&end=60000'))
    expect(stateOf(MAI)).toBe('wrapUp')
    expect(desk.told.map(({ view }) => view.state)).toEqual(['ended'])
    expect(desk.calls.current(MAI)).toMatchObject({ id: 'c1', state: 'ended' })
  })

  it('of a running call changes nothing that is known', () => {
    desk.arrive('c1', { at: new Date(BASE) })
    desk.calls.event('c1', { type: 'queued' }, new Date(BASE + 1000))
    desk.calls.event('c1', { type: 'connected', operatorId: MAI }, new Date(BASE + 9000))
    desk.calls.operatorHeld('c1', MAI, true, new Date(BASE + 12_000))
    desk.told.length = 0
    const rows = () => desk.db.raw.prepare('SELECT count(*) AS n FROM call_events').get()
    const before = rows()
    desk.calls.replay(journal('c1', BASE, '&q=1000&con=9000&mem=op-11'))
    expect(desk.calls.find('c1')?.state).toBe('held')
    expect(stateOf(MAI)).toBe('onCall')
    expect(desk.told).toEqual([])
    expect(rows()).toEqual(before)
    desk.restart()
    desk.calls.replay(journal('c1', BASE, '&q=1000&con=9000&mem=op-11'))
    expect(desk.calls.find('c1')?.state).toBe('held')
    expect(rows()).toEqual(before)
  })

  it('brings what a cut line swallowed of a running call', () => {
    desk.arrive('c1', { at: new Date(BASE) })
    desk.calls.event('c1', { type: 'queued' }, new Date(BASE + 1000))
    desk.calls.replay(journal('c1', BASE, '&q=1000&con=9000&mem=op-11&q=20000&con=30000&mem=op-12'))
    expect(desk.calls.find('c1')).toMatchObject({ state: 'talking', operatorId: TUAN })
    expect(stateOf(MAI)).toBe('wrapUp')
    expect(stateOf(TUAN)).toBe('onCall')
    expect(ticketCount()).toBe(1)
  })

  it('of a call lost and asked to be rung back keeps the wish', () => {
    desk.calls.replay(
      journal('c1', BASE, '&q=1000&con=9000&mem=op-11&q=20000&cb=25000&cbnum=0950000888&end=30000'),
    )
    expect(desk.missed).toMatchObject([
      { callId: 'c1', reason: 'callback', number: { e164: '+84950000888' } },
    ])
  })
})

describe('after a restart', () => {
  it('an operator is not left on a call that was already over', () => {
    answered('c1')
    // The process died between the call's commit and the presence's.
    desk.db.raw.prepare("UPDATE calls SET state = 'ended' WHERE id = 'c1'").run()
    desk.restart()
    expect(stateOf(MAI)).toBe('onCall')
    desk.calls.endMissing(new Set())
    expect(stateOf(MAI)).toBe('wrapUp')
  })

  it('calls that the PBX no longer has end, and those it has go on', () => {
    answered('c1')
    desk.arrive('c2', { from: '0950000888' })
    event('c2', { type: 'queued' })
    desk.restart()
    expect(desk.calls.waiting().map(({ callId }) => callId)).toEqual(['c2'])
    expect(desk.calls.endMissing(new Set(['c2']))).toBe(1)
    expect(desk.calls.find('c1')).toMatchObject({ state: 'ended', endedBy: 'system', outcome: 'answered' })
    expect(stateOf(MAI)).toBe('wrapUp')
    expect(desk.calls.find('c2')?.state).toBe('queued')
  })

  it('a wrapping-up operator still sees the call of it', () => {
    answered('c1')
    event('c1', { type: 'ended' })
    desk.restart()
    expect(desk.calls.current(MAI)).toMatchObject({ id: 'c1', state: 'ended' })
  })
})

describe('a failure', () => {
  it('while writing leaves the call as it was, to be told again', () => {
    desk.arrive('c1')
    event('c1', { type: 'queued' })
    desk.db.raw.exec(
      "CREATE TRIGGER full BEFORE INSERT ON tickets BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    )
    expect(() => {
      event('c1', { type: 'ended' })
    }).toThrow('disk full')
    expect(desk.acknowledged).toEqual([])
    expect(desk.calls.find('c1')?.state).toBe('queued')
    desk.db.raw.exec('DROP TRIGGER full')
    event('c1', { type: 'ended' })
    expect(ticketCount()).toBe(1)
    expect(desk.acknowledged).toEqual(['c1'])
  })
})
