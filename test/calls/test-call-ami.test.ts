import { afterEach, beforeEach, describe, expect, it, type Mock, onTestFinished, vi } from 'vitest'
import type { AmiClient, AmiEvent, AmiFields, OriginateOutcome } from '../../src/asterisk/ami-client.ts'
import { createTestCalls, type TestCalls } from '../../src/calls/test-call-ami.ts'
import type { TestCallLine } from '../../src/calls/test-call-contract.ts'
import { AppError } from '../../src/platform/errors.ts'
import type { RecordingView } from '../../src/recordings/contract.ts'
import { type CallDesk, createCallDesk, MAI } from '../support/call-desk.ts'
import { OPERATOR } from '../support/desk.ts'

const FROM = '0950000999'
const ANSWERED: OriginateOutcome = { success: true, reason: '4', uniqueid: '' }

let desk: CallDesk
let testCalls: TestCalls
let pbx: FakePbx
let recordings: RecordingView[]
let lines: TestCallLine[]

/** A PBX of values: what was asked of it, and events when the test says so. */
interface FakePbx {
  readonly asked: AmiFields[]
  readonly hungUp: Mock<(channel: string) => void>
  outcome: () => Promise<OriginateOutcome>
  /** Resolves with the call's id when the next one is placed. */
  readonly nextCall: () => Promise<string>
  readonly client: Pick<AmiClient, 'originate' | 'action'>
}

function createPbx(): FakePbx {
  const asked: AmiFields[] = []
  const hungUp = vi.fn<(channel: string) => void>()
  let placed: (fields: AmiFields) => void = () => undefined
  const fake: FakePbx = {
    asked,
    hungUp,
    outcome: () => Promise.resolve(ANSWERED),
    nextCall: () =>
      new Promise<string>((resolve) => {
        placed = (fields) => {
          resolve(String(fields['OtherChannelId']))
        }
      }),
    client: {
      originate: (fields) => {
        asked.push(fields)
        placed(fields)
        return fake.outcome()
      },
      action: async (fields) => {
        if (fields['Action'] === 'Hangup') hungUp(String(fields['Channel']))
        return { fields: {} }
      },
    },
  }
  return fake
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  recordings = []
  lines = []
  pbx = createPbx()
  desk = createCallDesk({
    recordingsOf: () => recordings,
    onTicketChanged: () => {
      testCalls.ticketChanged()
    },
  })
  desk.sender.start()
  testCalls = createTestCalls({
    ami: pbx.client,
    calls: desk.calls,
    tickets: desk.tickets,
    directory: desk.directory,
    line: '02251022',
    now: desk.now,
  })
})

afterEach(async () => {
  vi.useRealTimers()
  await desk.close()
})

const NOT_ABORTED = new AbortController().signal

function run(signal: AbortSignal = NOT_ABORTED) {
  const next = pbx.nextCall()
  const whole = testCalls.run({ from: FROM, seconds: 8 }, (line) => lines.push(line), signal)
  return { next, whole }
}

const event = (name: string, fields: Record<string, string>): AmiEvent => ({ name, fields })

/** The call as the service's own event adapter would feed it, and the event itself to the test call. */
function feed(
  callId: string,
  stage: 'intake' | 'queued' | 'called' | 'connected' | 'ended',
  member = 'robot',
) {
  const operatorId = member === 'robot' ? null : MAI
  const at = desk.now()
  const hotline = (fields: Record<string, string>) => {
    testCalls.observe(event('UserEvent', { userevent: 'Hotline', stage, call: callId, ...fields }))
  }
  switch (stage) {
    case 'intake':
      desk.arrive(callId, { from: FROM, training: true })
      hotline({})
      return
    case 'queued':
      desk.calls.event(callId, { type: 'queued' }, at)
      hotline({ queue: member === 'robot' ? 'hotline-training' : 'hotline' })
      return
    case 'called':
      if (operatorId !== null) desk.calls.event(callId, { type: 'offered', operatorId }, at)
      testCalls.observe(event('AgentCalled', { uniqueid: callId, membername: member }))
      return
    case 'connected':
      desk.calls.event(callId, { type: 'connected', operatorId }, at)
      hotline({ member })
      return
    case 'ended':
      desk.calls.event(callId, { type: 'ended' }, at)
      hotline({})
  }
}

function recording(callId: string, state: RecordingView['state']): RecordingView {
  return {
    id: 1,
    callId,
    ticketCode: desk.calls.find(callId)?.ticketCode ?? null,
    kind: 'call',
    state,
    flags: [],
    startedAt: desk.now().toISOString(),
    durationMs: 8_000,
    sizeBytes: 1,
    sha256: '',
    copy: null,
    numberDisplay: '',
    operatorId: null,
    operatorName: null,
    answered: true,
    deletedFor: null,
    training: true,
    playable: true,
  }
}

/** Everything waiting has had its turn. */
const settle = () => vi.advanceTimersByTimeAsync(0)

async function talk(callId: string, member = 'robot') {
  for (const stage of ['intake', 'queued', 'called', 'connected'] as const) feed(callId, stage, member)
  await settle()
}

/** The PBX ends the call as soon as it is asked to. */
function endWhenAsked(callId: string) {
  pbx.hungUp.mockImplementation(() => {
    feed(callId, 'ended')
  })
}

const story = () => lines.map((line) => ('step' in line ? `${line.type} ${line.step}` : line.type))

describe('a test call', () => {
  it('goes through the intake dialplan under the number asked for, and never over the trunk', async () => {
    const { next, whole } = run()
    const callId = await next
    expect(pbx.asked[0]).toMatchObject({
      Channel: 'Local/02251022@hotline-test/n',
      CallerID: `<${FROM}>`,
      OtherChannelId: callId,
    })
    expect(String(pbx.asked[0]?.['ChannelId']).startsWith(callId)).toBe(false)
    await testCalls.stop()
    await whole
  })

  it('tells each step once, hangs up after the seconds, and ends with the slip in the simulator', async () => {
    const { next, whole } = run()
    const callId = await next
    endWhenAsked(callId)
    await talk(callId)
    expect(story()).toEqual([
      'placed',
      ...['answered', 'queued', 'popped', 'connected', 'ticket'].map((s) => `step ${s}`),
    ])
    await vi.advanceTimersByTimeAsync(7_900)
    expect(pbx.hungUp).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(pbx.hungUp).toHaveBeenCalledWith(pbx.asked[0]?.['ChannelId'])
    recordings = [recording(callId, 'stored')]
    testCalls.ticketChanged()
    await whole

    expect(story().slice(6, 7)).toEqual(['hungUp'])
    expect(new Set(story().slice(7, 9))).toEqual(new Set(['step recorded', 'step slip']))
    expect(lines.at(-1)).toMatchObject({ type: 'done', ok: true })
    const code = desk.calls.find(callId)?.ticketCode ?? ''
    const ticket = desk.tickets.view(code, OPERATOR)
    expect(ticket).toMatchObject({ training: true, state: 'assigned' })
    expect(ticket.messages.length).toBeGreaterThan(0)
    expect(desk.messages.handsets(() => true).length).toBe(ticket.messages.length)
  })

  it('needs the pop on the console of the operator whose phone rings', async () => {
    const { next, whole } = run()
    const callId = await next
    endWhenAsked(callId)
    feed(callId, 'intake')
    feed(callId, 'queued', `op-${String(MAI)}`)
    // The phone rings and the service was never told: no `offered`, so no pop.
    testCalls.observe(event('AgentCalled', { uniqueid: callId, membername: `op-${String(MAI)}` }))
    await whole
    expect(lines.at(-2)).toMatchObject({ type: 'missing', step: 'popped', reason: 'noPop' })
    expect(pbx.hungUp).toHaveBeenCalled()
  })

  it('taken by an operator who sent the slip themselves sends none of its own', async () => {
    const { next, whole } = run()
    const callId = await next
    endWhenAsked(callId)
    await talk(callId, `op-${String(MAI)}`)
    const code = desk.calls.find(callId)?.ticketCode ?? ''
    const { version } = desk.tickets.view(code, OPERATOR)
    const typed = desk.tickets.save(
      code,
      {
        version,
        form: {
          content: 'Hỏi giờ làm việc',
          reporter: { ...desk.tickets.view(code, OPERATOR).form.reporter, name: 'Phạm Văn Đại' },
        },
      },
      OPERATOR,
    )
    desk.tickets.sendSlip(code, { version: typed.version, unitId: 'chieu-sang', note: '' }, OPERATOR)
    recordings = [recording(callId, 'stored')]
    await vi.advanceTimersByTimeAsync(8_100)
    await whole
    expect(lines.at(-1)).toMatchObject({ ok: true })
    expect(lines.find((line) => line.type === 'step' && line.step === 'popped')).toMatchObject({
      detail: { operator: `op-${String(MAI)}` },
    })
    const { slips, form } = desk.tickets.view(code, OPERATOR)
    expect(slips).toHaveLength(1)
    expect(form.content).toBe('Hỏi giờ làm việc')
  })

  it.each([
    ['silent', 'answered', [], 10_000],
    ['silent', 'queued', ['intake'], 60_000],
    ['silent', 'popped', ['intake', 'queued'], 20_000],
    ['silent', 'connected', ['intake', 'queued', 'called'], 45_000],
    ['hungUp', 'connected', ['intake', 'queued', 'called', 'ended'], 0],
  ] as const)('%s before %s says so, and is hung up', async (reason, step, stages, afterMs) => {
    const { next, whole } = run()
    const callId = await next
    endWhenAsked(callId)
    for (const stage of stages) feed(callId, stage)
    await vi.advanceTimersByTimeAsync(afterMs)
    await whole
    expect(lines.at(-2)).toMatchObject({ type: 'missing', step, reason })
    expect(lines.at(-1)).toMatchObject({ type: 'done', ok: false })
    expect(pbx.hungUp).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['refused', async () => ({ ...ANSWERED, success: false, reason: '0' })],
    ['refused', () => Promise.reject(new AppError('conflict', 'AMI_ERROR', 'Permission denied'))],
    ['pbxAway', () => Promise.reject(new AppError('unavailable', 'AMI_LOST', 'line down'))],
  ] as const)('that the PBX will not place is %s at once', async (reason, outcome) => {
    pbx.outcome = outcome
    await run().whole
    expect(lines.at(-2)).toMatchObject({ type: 'missing', step: 'answered', reason })
  })

  it('whose recording never comes still sends its slip, and is not a success', async () => {
    const { next, whole } = run()
    const callId = await next
    endWhenAsked(callId)
    await talk(callId)
    recordings = [recording(callId, 'pending')]
    await vi.advanceTimersByTimeAsync(8_000 + 40_000)
    await whole
    expect(story()).toContain('step slip')
    expect(lines.at(-2)).toMatchObject({ type: 'missing', step: 'recorded', reason: 'notStored' })
    expect(lines.at(-1)).toMatchObject({ ok: false })
  })

  it('is hung up at Ctrl-C in the middle of the talk, and says nothing more', async () => {
    const ctrlC = new AbortController()
    const { next, whole } = run(ctrlC.signal)
    const callId = await next
    endWhenAsked(callId)
    await talk(callId)
    const before = lines.length
    ctrlC.abort()
    await whole
    expect(pbx.hungUp).toHaveBeenCalledTimes(1)
    expect(desk.calls.find(callId)?.state).toBe('ended')
    expect(lines).toHaveLength(before)
    expect(desk.messages.handsets(() => true)).toEqual([])
  })

  it('aborted before the PBX has made its channel is hung up as soon as it has', async () => {
    const ctrlC = new AbortController()
    let answer: (outcome: OriginateOutcome) => void = () => undefined
    pbx.outcome = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    const { next, whole } = run(ctrlC.signal)
    await next
    ctrlC.abort()
    await settle()
    expect(pbx.hungUp).not.toHaveBeenCalled()
    answer(ANSWERED)
    await whole
    expect(pbx.hungUp).toHaveBeenCalledTimes(1)
  })

  it('runs beside another without either taking the other’s steps', async () => {
    const first = run()
    const firstId = await first.next
    const other: TestCallLine[] = []
    const otherNext = pbx.nextCall()
    const otherWhole = testCalls.run({ from: FROM, seconds: 1 }, (line) => other.push(line), NOT_ABORTED)
    await otherNext
    onTestFinished(() => testCalls.stop())
    feed(firstId, 'intake')
    await settle()
    expect(story()).toEqual(['placed', 'step answered'])
    expect(other.map(({ type }) => type)).toEqual(['placed'])
    await testCalls.stop()
    await Promise.all([first.whole, otherWhole])
  })
})
