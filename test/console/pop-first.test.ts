// @vitest-environment happy-dom
import { signal } from '@preact/signals'
import { describe, expect, it, vi } from 'vitest'
import { popFirst } from '../../src/console/softphone/pop-first.ts'
import { NO_LINE } from '../../src/console/state/line.ts'
import { popShown } from '../../src/console/state/pop-shown.ts'
import type { Pop } from '../../src/calls/contract.ts'
import { aPop } from './support.ts'

const sip = (first: string, to: string): string =>
  [first, 'Via: SIP/2.0/WS pbx.invalid', `To: ${to}`, 'Content-Length: 0', '', ''].join('\r\n')
const INVITE = sip('INVITE sip:op-3@desk.invalid SIP/2.0', '<sip:op-3@desk.invalid>')
const CANCEL = sip('CANCEL sip:op-3@desk.invalid SIP/2.0', '<sip:op-3@desk.invalid>')
const REINVITE = sip('INVITE sip:op-3@desk.invalid SIP/2.0', '<sip:op-3@desk.invalid>;tag=a1')
const OK = sip('SIP/2.0 200 OK', '<sip:op-3@desk.invalid>;tag=a1')

function held() {
  let turn: { resolve: () => void; reject: (cause: Error) => void } | undefined
  const source: { ondata: (data: unknown) => void } = { ondata: () => undefined }
  popFirst(source, () => new Promise<void>((resolve, reject) => (turn = { resolve, reject })))
  const passed: unknown[] = []
  source.ondata = (data) => passed.push(data)
  return { source, passed, turn: () => turn }
}

describe('a call that begins to ring', () => {
  it('waits for its pop, and what follows waits behind it', async () => {
    const { source, passed, turn } = held()
    source.ondata(OK)
    source.ondata(INVITE)
    source.ondata(CANCEL)
    expect(passed).toEqual([OK])
    turn()?.resolve()
    await Promise.resolve()
    await Promise.resolve()
    expect(passed).toEqual([OK, INVITE, CANCEL])
    source.ondata(OK)
    expect(passed).toHaveLength(4)
  })

  it('rings all the same when waiting fails', async () => {
    const { source, passed, turn } = held()
    source.ondata(INVITE)
    turn()?.reject(new Error('no frame'))
    await new Promise((resolve) => setTimeout(resolve))
    expect(passed).toEqual([INVITE])
  })

  it('is told from a running call’s own INVITE and from anything that is no SIP', () => {
    const { source, passed } = held()
    for (const data of [REINVITE, '', new ArrayBuffer(3), undefined]) source.ondata(data)
    expect(passed).toHaveLength(4)
  })
})

const quiet = () => ({ line: signal(NO_LINE), popAhead: signal<Pop | null>(null) })

describe('the moment a pop is shown', () => {
  it('is the frame after it came', async () => {
    const { line, popAhead } = quiet()
    let shown = false
    const waiting = popShown({ line, popAhead }, document).then(() => (shown = true))
    await Promise.resolve()
    expect(shown).toBe(false)
    line.value = { ...NO_LINE, pops: [aPop()] }
    await waiting
    expect(shown).toBe(true)
  })

  it('is when it makes room for the line, where it was drawn ahead: no further picture is waited for', async () => {
    vi.useFakeTimers()
    const { line, popAhead } = quiet()
    let shown = false
    const waiting = popShown({ line, popAhead }, document).then(() => (shown = true))
    popAhead.value = aPop()
    await Promise.resolve()
    expect(shown).toBe(false)
    line.value = { ...NO_LINE, pops: [aPop()] }
    popAhead.value = null
    await waiting
    expect(shown).toBe(true)
    vi.useRealTimers()
  })

  it('is not waited for without end, and not at all by a hidden page', async () => {
    await popShown(quiet(), document)
    await popShown(quiet(), { hidden: true } as Document)
  })
})
