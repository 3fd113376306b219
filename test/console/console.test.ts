import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDraftBox } from '../../src/console/state/ticket-editor.ts'
import type { SaveTicket } from '../../src/tickets/contract.ts'
import {
  aCall,
  aForm,
  aPop,
  aPresence,
  aSession,
  aSnapshot,
  aTarget,
  aTicket,
  aTransfer,
  memoryStorage,
  openDesk,
} from './support.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const settle = () => vi.advanceTimersByTimeAsync(0)
const ticketRoute = {
  'GET /api/tickets/HP26-000001': () => aTicket({ form: aForm({ content: 'từ máy chủ' }) }),
}

describe('a call at the desk', () => {
  it('opens its case on answering, once, and keeps it when the call is over', async () => {
    const { desk, live } = await openDesk({ routes: ticketRoute })
    live().accept()
    live().say(aSnapshot())
    live().say({ type: 'pop', pop: aPop() })
    expect(desk.editor.value).toBeNull()
    live().say({ type: 'call', call: aCall({ ticketCode: null }) })
    const editor = desk.editor.value
    editor?.edit({ place: '12 Lạch Tray' })
    live().say({ type: 'call', call: aCall() })
    await settle()
    expect(desk.editor.value).toBe(editor)
    expect(editor?.form.value).toMatchObject({ content: 'từ máy chủ', place: '12 Lạch Tray' })
    live().say({ type: 'call', call: aCall({ state: 'ended' }) })
    expect(desk.editor.value).toBe(editor)
  })

  it('does not open a case for a call that only rings', async () => {
    const { desk, live } = await openDesk()
    live().accept()
    live().say({ type: 'call', call: aCall({ state: 'ringing' }) })
    expect(desk.editor.value).toBeNull()
  })

  it('saves the case of the call before and opens the next one’s', async () => {
    const saved: SaveTicket[] = []
    const { desk, live } = await openDesk({
      routes: {
        ...ticketRoute,
        'GET /api/tickets/HP26-000002': () => aTicket({ code: 'HP26-000002' }),
        'PATCH /api/tickets/HP26-000001': (body) => {
          saved.push(body as SaveTicket)
          return aTicket({ version: 2 })
        },
      },
    })
    live().accept()
    live().say({ type: 'call', call: aCall() })
    await settle()
    desk.editor.value?.edit({ place: 'chưa kịp lưu' })
    live().say({ type: 'call', call: aCall({ id: 'call-2', ticketCode: 'HP26-000002' }) })
    await settle()
    expect(saved.map(({ form }) => form.place)).toEqual(['chưa kịp lưu'])
    expect(desk.editor.value?.ticket.value?.code).toBe('HP26-000002')
  })

  it('is as it was after a reload of the page, the caller’s facts included', async () => {
    const tabStorage = memoryStorage()
    const before = await openDesk({ routes: ticketRoute, tabStorage })
    before.live().accept()
    before.live().say({ type: 'pop', pop: aPop() })
    before.live().say({ type: 'call', call: aCall() })
    await settle()

    const { desk, live } = await openDesk({ routes: ticketRoute, tabStorage })
    live().accept()
    live().say(aSnapshot({ call: aCall() }))
    await settle()
    expect(desk.line.value.callPop?.caller.name).toBe('Phạm Văn Đại')
    expect(desk.editor.value?.ticket.value?.code).toBe('HP26-000001')
  })

  it('brings the case back after a reload in the wrap-up', async () => {
    const tabStorage = memoryStorage()
    const before = await openDesk({ routes: ticketRoute, tabStorage })
    before.live().accept()
    before.live().say({ type: 'call', call: aCall() })
    await settle()
    const { desk } = await openDesk({ routes: ticketRoute, tabStorage })
    await settle()
    expect(desk.editor.value?.ticket.value?.code).toBe('HP26-000001')
    desk.closeCase()
    const { desk: third } = await openDesk({ routes: ticketRoute, tabStorage })
    await settle()
    expect(third.editor.value).toBeNull()
  })

  it('is there again for whoever signs in anew, and not for the next person at the tab', async () => {
    const tabStorage = memoryStorage()
    const before = await openDesk({ routes: ticketRoute, tabStorage })
    before.live().accept()
    before.live().say({ type: 'call', call: aCall() })
    await settle()
    before.live().say({ type: 'signedOut' })
    const other = { ...aSession(), person: { ...aSession().person, id: 2 } }
    const next = await openDesk({ routes: { ...ticketRoute, 'GET /api/session': () => other }, tabStorage })
    await settle()
    expect(next.desk.editor.value).toBeNull()
    const { desk } = await openDesk({ routes: ticketRoute, tabStorage })
    await settle()
    expect(desk.editor.value?.ticket.value?.code).toBe('HP26-000001')
  })

  it('tells service and telephone of a hold', async () => {
    const { desk, live, phone } = await openDesk({ phone: { call: 'talking' } })
    live().accept()
    live().say({ type: 'call', call: aCall() })
    desk.hold(true)
    expect(phone.done).toContain('hold true')
    expect(live().sent.at(-1)).toEqual({ type: 'hold', callId: 'call-1', held: true })
  })
})

describe('a call that the PBX lost', () => {
  it('ends in the telephone too, a moment after the service said so', async () => {
    const { live, phone } = await openDesk({ phone: { call: 'talking' } })
    await settle()
    live().accept()
    live().say(aSnapshot())
    phone.state.value = { ...phone.state.value, call: 'idle' }
    phone.state.value = { ...phone.state.value, call: 'ringing' }
    phone.state.value = { ...phone.state.value, call: 'talking' }
    live().say({ type: 'call', call: aCall({ ticketCode: null }) })
    live().say({ type: 'call', call: aCall({ state: 'ended', ticketCode: null }) })
    await vi.advanceTimersByTimeAsync(1_900)
    expect(phone.done).not.toContain('letGo')
    await vi.advanceTimersByTimeAsync(200)
    expect(phone.done).toContain('letGo')
  })
})

describe('a lost network', () => {
  it('sends words of a case no longer on the desk when it is back', async () => {
    const storage = memoryStorage()
    const saved: SaveTicket[] = []
    createDraftBox(storage, 1).write('HP26-000001', {
      base: aForm({ content: 'từ máy chủ' }),
      form: aForm({ content: 'từ máy chủ, và câu chưa gửi' }),
    })
    await openDesk({
      storage,
      routes: {
        ...ticketRoute,
        'PATCH /api/tickets/HP26-000001': (body) => {
          saved.push(body as SaveTicket)
          return aTicket({ version: 2 })
        },
      },
    })
    await settle()
    expect(saved).toEqual([{ version: 1, form: { content: 'từ máy chủ, và câu chưa gửi' } }])
    expect(createDraftBox(storage, 1).codes()).toEqual([])
  })

  it('leaves a draft for a person where somebody else wrote the same field', async () => {
    const storage = memoryStorage()
    createDraftBox(storage, 1).write('HP26-000001', { base: aForm(), form: aForm({ content: 'của tôi' }) })
    const { asked } = await openDesk({ storage, routes: ticketRoute })
    await settle()
    expect(asked.some(({ request }) => request.startsWith('PATCH'))).toBe(false)
    expect(createDraftBox(storage, 1).codes()).toEqual(['HP26-000001'])
  })

  it('shows at once when the browser says so, and comes back with a fresh snapshot', async () => {
    const { desk, live, sockets } = await openDesk()
    live().accept()
    live().say(aSnapshot())
    desk.networkGone()
    expect(desk.link.value).toBe('lost')
    desk.networkBack()
    expect(sockets).toHaveLength(2)
    live().accept()
    live().say(aSnapshot({ presence: aPresence({ state: 'paused', reason: 'technical' }) }))
    expect(desk.link.value).toBe('open')
    expect(desk.line.value.presence?.state).toBe('paused')
  })
})

describe('sessions', () => {
  it('go quiet when the same account works elsewhere, and come back when asked', async () => {
    const { desk, live, sockets, phone } = await openDesk()
    live().accept()
    live().say({ type: 'replaced' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(desk.line.value.replaced).toBe(true)
    expect(sockets).toHaveLength(1)
    expect(phone.done.at(-1)).toBe('stop')
    desk.useHere()
    expect(sockets).toHaveLength(2)
    expect(phone.done.at(-1)).toBe('start')
  })

  it('keep the telephone of a page whose account works elsewhere until its call is over', async () => {
    const { desk, live, phone } = await openDesk({ phone: { call: 'talking' } })
    live().accept()
    live().say({ type: 'call', call: aCall() })
    await settle()
    live().say({ type: 'replaced' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(phone.done.slice(1)).toEqual(['retire'])
    phone.state.value = { ...phone.state.value, call: 'idle' }
    expect(phone.done.slice(1)).toEqual(['retire', 'stop'])
    expect(desk.line.value.replaced).toBe(true)
  })

  it('do not stop a telephone that was asked back during its call', async () => {
    const { desk, live, phone } = await openDesk({ phone: { call: 'talking' } })
    live().accept()
    await settle()
    live().say({ type: 'replaced' })
    desk.useHere()
    phone.state.value = { ...phone.state.value, call: 'idle' }
    expect(phone.done.slice(1)).toEqual(['retire', 'start'])
  })

  it('end everywhere when the service says so, and leave nothing of the case on the screen', async () => {
    const { desk, live, phone } = await openDesk({ routes: ticketRoute })
    live().accept()
    live().say({ type: 'call', call: aCall() })
    await settle()
    live().say({ type: 'signedOut' })
    expect(desk.session.value).toBeNull()
    expect(desk.editor.value).toBeNull()
    expect(phone.done.at(-1)).toBe('stop')
  })

  it('give administrators no telephone', async () => {
    const { desk } = await openDesk({ role: 'admin' })
    await settle()
    expect(desk.phone.value).toBeNull()
  })

  it('say why somebody is not let in', async () => {
    const { desk } = await openDesk({
      routes: {
        'GET /api/session': () => Response.json({ code: 'SIGN_IN_REQUIRED' }, { status: 401 }),
        'POST /api/session': () => Response.json({ code: 'SIGN_IN_FAILED' }, { status: 401 }),
      },
    })
    expect(desk.session.value).toBeNull()
    expect(await desk.signIn('ha', 'sai')).toBe('SIGN_IN_FAILED')
  })
})

describe('changes by others', () => {
  it('bring a fresh copy of the open case, and none of another', async () => {
    let version = 1
    const { desk, live, asked } = await openDesk({
      routes: { 'GET /api/tickets/HP26-000001': () => aTicket({ version }) },
    })
    live().accept()
    live().say({ type: 'call', call: aCall() })
    await settle()
    const before = asked.length
    live().say({ type: 'ticket', code: 'HP26-000009', version: 7 })
    await settle()
    expect(asked.length).toBe(before)
    version = 2
    live().say({ type: 'ticket', code: 'HP26-000001', version: 2 })
    await settle()
    expect(desk.editor.value?.ticket.value?.version).toBe(2)
  })
})

describe('a transfer', () => {
  it('is not set back by the answer to its own start, which the live line may have overtaken', async () => {
    const { desk, live } = await openDesk({
      routes: { 'POST /api/transfers': () => aTransfer({ state: 'starting' }) },
    })
    live().accept()
    live().say(aSnapshot({ call: aCall() }))
    const started = desk.startTransfer({ callId: 'call-1', mode: 'consult', targets: [aTarget()] })
    live().say({ type: 'transfer', transfer: aTransfer({ state: 'ringing' }) })
    expect(await started).toBeNull()
    expect(desk.line.value.transfer?.state).toBe('ringing')
  })

  it('gives the code of what went wrong', async () => {
    const { desk } = await openDesk({
      routes: { 'POST /api/transfers': () => Response.json({ code: 'TRANSFER_RUNNING' }, { status: 409 }) },
    })
    const asked = { callId: 'call-1', mode: 'blind', targets: [aTarget()] } as const
    expect(await desk.startTransfer({ ...asked, targets: [...asked.targets] })).toEqual({
      code: 'TRANSFER_RUNNING',
    })
    expect(await desk.commandTransfer(aTransfer(), 'cancel')).toBe('NOT_FOUND')
  })
})
