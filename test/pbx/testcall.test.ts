import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallView, MissedCall } from '../../src/calls/contract.ts'
import type { TestCallLine } from '../../src/calls/test-call-contract.ts'
import { run } from '../../src/cli/testcall.ts'
import type { TicketPage, TicketView } from '../../src/tickets/contract.ts'
import { runCommand } from '../support/command.ts'
import { type Hotline, startHotline } from '../support/hotline.ts'

const ROBOT = 'Local/answer@hotline-robot/n'
let hotline: Hotline
let get: <T>(path: string) => Promise<T>

beforeAll(async () => {
  hotline = await startHotline({ pbx: { withCarrier: false } })
  get = await signIn('lan')
})
afterAll(() => hotline.stop())

/** Reads as a person of the demo: what they would see of a test call. */
async function signIn(username: string): Promise<typeof get> {
  const people = JSON.parse(await readFile(join(hotline.dataDir, 'demo-accounts.json'), 'utf8')) as {
    readonly username: string
    readonly password: string
  }[]
  const password = people.find((person) => person.username === username)?.password
  const response = await fetch(`${hotline.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return async <T>(path: string) =>
    (await (await fetch(hotline.url + path, { headers: { cookie } })).json()) as T
}

async function testcall(
  args: readonly string[],
  options: { readonly stopped?: AbortSignal; readonly onLine?: (line: TestCallLine) => void } = {},
) {
  const { onLine, ...rest } = options
  const { code, out } = await runCommand(run, [...args, '--json'], {
    dataDir: hotline.dataDir,
    environment: { HTTP_PORT: new URL(hotline.url).port },
    onLine: (line) => onLine?.(JSON.parse(line) as TestCallLine),
    ...rest,
  })
  return { code, lines: out.map((line) => JSON.parse(line) as TestCallLine) }
}

const stepsOf = (lines: readonly TestCallLine[]) =>
  lines.flatMap((line) => (line.type === 'step' ? [line.step] : []))
const detailOf = (lines: readonly TestCallLine[], step: string) =>
  lines.find((line) => line.type === 'step' && line.step === step)

describe('a test call through a real PBX', () => {
  it('goes from the ring to recording and slip, marked as training all the way, with no SMS to any officer', async () => {
    const { code, lines } = await testcall(['--from', '0912345678', '--seconds', '2'])
    expect(lines.filter(({ type }) => type === 'missing')).toEqual([])
    expect(code).toBe(0)
    expect(stepsOf(lines).slice(0, 5)).toEqual(['answered', 'queued', 'popped', 'connected', 'ticket'])
    expect(new Set(stepsOf(lines).slice(5))).toEqual(new Set(['recorded', 'slip']))
    expect(detailOf(lines, 'queued')).toMatchObject({ detail: { queue: 'hotline-training' } })
    expect(detailOf(lines, 'popped')).toMatchObject({ detail: { operator: 'robot' } })

    const ticketLine = detailOf(lines, 'ticket')
    const ticketCode = ticketLine?.type === 'step' ? String(ticketLine.detail['ticket']) : ''
    const ticket = await get<TicketView>(`/api/tickets/${ticketCode}`)
    expect(ticket).toMatchObject({ training: true, state: 'assigned', operatorId: null })
    expect(ticket.calls).toMatchObject([
      { training: true, outcome: 'answered', number: { raw: '0912345678', e164: '+84912345678' } },
    ])
    expect(ticket.recordings).toMatchObject([{ training: true, state: 'stored', flags: [] }])
    expect(ticket.recordings[0]?.durationMs).toBeGreaterThan(2_000)
    expect(ticket.messages.length).toBeGreaterThan(0)
    expect(ticket.messages.every(({ training, state }) => training && state === 'delivered')).toBe(true)
    expect(hotline.sms.messages).toEqual([])

    // Out of the lists that work is counted by (R084).
    expect((await get<TicketPage>('/api/tickets')).total).toBe(0)
    expect((await get<TicketPage>('/api/tickets?training=true')).total).toBe(1)
    expect(await get<MissedCall[]>('/api/missed')).toEqual([])
  })

  it('talks as long as asked, and no longer', async () => {
    const { lines } = await testcall(['--seconds', '1'])
    const hungUp = lines.find((line) => line.type === 'hungUp')
    expect(hungUp).toMatchObject({ seconds: 1 })
  })

  it('rings at an operator who is signed in and free, whose console gets the pop', async () => {
    const { id } = (await get<{ person: { id: number } }>('/api/session')).person
    const member = `op-${String(id)}`
    const ami = hotline.pbx.look()
    // A phone that answers by itself stands in for theirs.
    await ami.send('QueueAdd', { Queue: 'hotline', Interface: ROBOT, MemberName: member, Paused: '0' })
    try {
      const { code, lines } = await testcall(['--seconds', '1'])
      expect(lines.filter(({ type }) => type === 'missing')).toEqual([])
      expect(code).toBe(0)
      expect(detailOf(lines, 'queued')).toMatchObject({ detail: { queue: 'hotline' } })
      expect(detailOf(lines, 'connected')).toMatchObject({ detail: { operator: member } })
      const placed = lines.find((line) => line.type === 'placed')
      const call = await get<CallView>(`/api/calls/${placed?.callId ?? ''}`)
      expect(call).toMatchObject({ training: true, operatorId: id, outcome: 'answered' })
    } finally {
      await ami.send('QueueRemove', { Queue: 'hotline', Interface: ROBOT })
    }
  })

  it('is hung up at Ctrl-C, and its call is over for PBX and service', async () => {
    const ctrlC = new AbortController()
    let callId = ''
    const gone = hotline.pbx
      .look()
      .waitFor((event) => event['Event'] === 'Hangup' && event['Uniqueid'] === callId, 20_000)
    const { code } = await testcall(['--seconds', '60'], {
      stopped: ctrlC.signal,
      onLine: (line) => {
        if (line.type === 'placed') ({ callId } = line)
        if (line.type === 'step' && line.step === 'connected') ctrlC.abort()
      },
    })
    expect(code).toBe(130)
    await gone
    await expect.poll(() => get<CallView>(`/api/calls/${callId}`)).toMatchObject({ state: 'ended' })
  })

  it('under way when the service stops is hung up with it, and is no success', async () => {
    let callId = ''
    let restarted: Promise<void> | undefined
    const gone = hotline.pbx
      .look()
      .waitFor((event) => event['Event'] === 'Hangup' && event['Uniqueid'] === callId, 20_000)
    const { code } = await testcall(['--seconds', '60'], {
      onLine: (line) => {
        if (line.type === 'placed') ({ callId } = line)
        if (line.type === 'step' && line.step === 'connected') restarted = hotline.restartService()
      },
    })
    await gone
    await restarted
    expect(code).toBe(1)
  })

  it('that the PBX cannot place says what to look at, and ends with 1', async () => {
    const ami = hotline.pbx.look()
    await ami.send('DialplanExtensionRemove', { Context: 'hotline-test', Extension: '_X!' })
    const { code, out } = await runCommand(run, ['--en'], {
      dataDir: hotline.dataDir,
      environment: { HTTP_PORT: new URL(hotline.url).port },
    })
    expect(code).toBe(1)
    expect(out.join('\n')).toMatch(/✗ answered\s+→ .*dialplan\/training\.conf/)
  })
})

describe('the command', () => {
  it('without the key of the copy’s data folder is told whom to ask, in the reader’s language', async () => {
    const options = { dataDir: join(hotline.dataDir, 'none'), environment: { LANG: 'vi_VN.UTF-8' } }
    await expect(runCommand(run, [], options)).rejects.toThrow(/npm start/)
  })

  it.each([
    ['--from', 'abc'],
    ['--from', '09$(x)'],
    ['--seconds', '0'],
    ['--seconds', '101'],
    ['--nonsense'],
  ])('refuses %s %s before anything rings', async (...args) => {
    await expect(runCommand(run, args, { dataDir: hotline.dataDir })).rejects.toThrow(/--/)
  })

  it('with a wrong key is refused by the service', async () => {
    const response = await fetch(`${hotline.url}/api/test-calls`, {
      method: 'POST',
      headers: { authorization: 'Bearer 00', 'content-type': 'application/json' },
      body: JSON.stringify({ from: '0950000999', seconds: 1 }),
    })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'LOCAL_ONLY' })
  })
})
