import { act, cleanup, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LiveMessage } from '../../src/live/contract.ts'
import { afterDrawing } from '../../src/console/state/after-drawing.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { CasePanel } from '../../src/console/tickets/case-panel.tsx'
import { aCall, aPop, aSnapshot, openDesk } from './support.ts'

const POP: LiveMessage = { type: 'pop', pop: aPop() }
const closed = (reason: 'answeredElsewhere' | 'callerGone'): LiveMessage => ({
  type: 'popClosed',
  callId: 'call-1',
  reason,
  operatorName: null,
})

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

/** A desk whose pictures the test draws. */
async function openSlowDesk() {
  const pictures: (() => void)[] = []
  const opened = await openDesk({ afterDrawing: (then) => void pictures.push(then) })
  opened.live().accept()
  opened.live().say(aSnapshot())
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <CasePanel onPeek={() => undefined} />
    </ConsoleContext.Provider>,
  )
  await act(() => undefined)
  const say = (message: LiveMessage) =>
    act(() => {
      opened.live().say(message)
    })
  const draw = () =>
    act(() => {
      for (const picture of pictures.splice(0)) picture()
    })
  return { ...opened, say, draw }
}
const pop = () => screen.getByTestId('pop')

describe('a call that begins to ring', () => {
  it('shows number, name and how sure that is first, and all that is known one picture later', async () => {
    const { desk, say, draw } = await openSlowDesk()
    await say(POP)
    const first = pop()
    expect(first.getAttribute('data-call')).toBe('call-1')
    for (const text of ['0950 000 777', /^Phạm Văn Đại/, 'Đã biết']) {
      expect(within(first).getByText(text)).toBeTruthy()
    }
    expect(within(first).queryByTestId('pop-details')).toBeNull()
    expect(desk.line.value.pops).toEqual([])
    await draw()
    // The same element: nothing that was shown is drawn or read out twice.
    expect(pop()).toBe(first)
    for (const text of [/\+84950000777/, 'Gọi lần 3 hôm nay', '1 cuộc nhỡ hôm nay', 'Gọi vào 02251022']) {
      expect(within(first).getByText(text)).toBeTruthy()
    }
    expect(within(first).getByTestId('pop-details')).toBeTruthy()
    expect(desk.line.value.pops).toHaveLength(1)
    expect(desk.popAhead.value).toBeNull()
  })

  it.each(['answeredElsewhere', 'callerGone'] as const)(
    'is gone at once when it is %s before that',
    async (reason) => {
      const { desk, say, draw } = await openSlowDesk()
      await say(POP)
      await say(closed(reason))
      expect(screen.queryByTestId('pop')).toBeNull()
      expect(desk.line.value.popEnd).toMatchObject({ reason })
      await draw()
      expect(screen.queryByTestId('pop')).toBeNull()
      expect(desk.line.value.pops).toEqual([])
    },
  )

  it('keeps the order of what the service tells', async () => {
    const { desk, say } = await openSlowDesk()
    await say(POP)
    await say({ type: 'waiting', waiting: [] })
    await say({ type: 'call', call: aCall() })
    expect(desk.line.value).toMatchObject({ pops: [], call: { id: 'call-1' }, callPop: { callId: 'call-1' } })
  })

  it('is not forgotten by a picture of the one before', async () => {
    const { desk, say, draw } = await openSlowDesk()
    await say(POP)
    await say(closed('callerGone'))
    await say({ type: 'pop', pop: aPop({ callId: 'call-2' }) })
    expect(pop().getAttribute('data-call')).toBe('call-2')
    await draw()
    expect(desk.line.value.pops.map(({ callId }) => callId)).toEqual(['call-2'])
    // Beside another that rings, it has no picture of its own.
    await say({ type: 'pop', pop: aPop({ callId: 'call-3' }) })
    expect(desk.line.value.pops.map(({ callId }) => callId)).toEqual(['call-2', 'call-3'])
  })

  it('leaves nothing when the session ends before the picture', async () => {
    const { desk, say, draw } = await openSlowDesk()
    await say(POP)
    await say({ type: 'signedOut' })
    await draw()
    expect(desk.popAhead.value).toBeNull()
    expect(desk.line.value.pops).toEqual([])
  })
})

describe('what comes after a picture', () => {
  it('comes once', async () => {
    const then = vi.fn()
    await new Promise<void>((resolve) => {
      afterDrawing(document, () => {
        then()
        resolve()
      })
    })
    vi.useFakeTimers()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(then).toHaveBeenCalledTimes(1)
  })

  it('comes at once in a page that is not seen, and soon where none is drawn', () => {
    vi.useFakeTimers()
    const then = vi.fn()
    afterDrawing({ hidden: true } as Document, then)
    expect(then).toHaveBeenCalledTimes(1)
    vi.stubGlobal('requestAnimationFrame', () => 0)
    afterDrawing({ hidden: false } as Document, then)
    vi.advanceTimersByTime(99)
    expect(then).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1)
    expect(then).toHaveBeenCalledTimes(2)
    vi.unstubAllGlobals()
  })
})
