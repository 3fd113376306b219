import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { App } from '../../src/console/app.tsx'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { createKeptWords } from '../../src/console/state/kept-words.ts'
import { navigate } from '../../src/console/state/route.ts'
import type { TicketView } from '../../src/tickets/contract.ts'
import { aForm, aSession, aSnapshot, aTicket, memoryStorage, openDesk } from './support.ts'

const CODE = 'HP26-000001'
const settle = () => act(() => new Promise<void>((done) => void setTimeout(done)))
const typeInto = (label: RegExp, value: string): void => {
  fireEvent.input(screen.getByLabelText(label), { target: { value } })
}
const valueOf = (label: RegExp) => screen.getByLabelText<HTMLTextAreaElement>(label).value
const wordsIn = (storage: Storage): string[] =>
  Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '').filter((key) =>
    key.startsWith('words:'),
  )

afterEach(() => {
  cleanup()
  navigate('/')
})

/** The page of a case, as it is after a reload of the tab that has this storage. */
async function load(
  tabStorage: Storage,
  ticket: TicketView,
  options: { role?: 'officer' | 'operator'; personId?: number; fails?: boolean } = {},
) {
  cleanup()
  const role = options.role ?? 'officer'
  const session = aSession(role)
  const opened = await openDesk({
    role,
    tabStorage,
    routes: {
      'GET /api/session': () => ({
        ...session,
        person: { ...session.person, id: options.personId ?? session.person.id },
      }),
      'DELETE /api/session': () => new Response(null, { status: 204 }),
      [`GET /api/tickets/${CODE}`]: () => ticket,
      'GET /api/tickets': () => ({ items: [], total: 0 }),
      [`POST /api/tickets/${CODE}/moves`]: () => {
        if (options.fails === true) throw new TypeError('fetch failed')
        return { ...ticket, version: 2, state: 'agencyAnswered', actions: [] }
      },
      [`POST /api/tickets/${CODE}/answer`]: () => ({ ...ticket, version: 2, state: 'answered', actions: [] }),
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot({ presence: null }))
  navigate(`/tickets/${CODE}`)
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <App />
    </ConsoleContext.Provider>,
  )
  await settle()
  await settle()
  return opened
}

const AT_UNIT = aTicket({ state: 'inProgress', unitId: 'chieu-sang', actions: ['submitAnswer', 'promise'] })
const AT_DESK = aTicket({
  state: 'received',
  form: aForm({ content: 'Đèn tắt' }),
  actions: ['answer', 'sendSlip', 'save'],
})
const RESULT = /^Kết quả giải quyết/

describe('words typed into the form of a step', () => {
  it('are there again after a reload, with a quiet line, and may be thrown away', async () => {
    const tab = memoryStorage()
    await load(tab, AT_UNIT)
    expect(screen.queryByText('Đã khôi phục bản nháp.')).toBeNull()
    typeInto(RESULT, 'Đã thay bóng đèn.')
    await load(tab, AT_UNIT)
    expect(valueOf(RESULT)).toBe('Đã thay bóng đèn.')
    expect(screen.getByText('Đã khôi phục bản nháp.').closest('[role=status]')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Bỏ bản nháp' }))
    expect(valueOf(RESULT)).toBe('')
    expect(screen.queryByText('Đã khôi phục bản nháp.')).toBeNull()
    expect(wordsIn(tab)).toEqual([])
  })

  it('open the form they were typed into, also where it is not the likely one', async () => {
    const tab = memoryStorage()
    await load(tab, AT_UNIT)
    fireEvent.click(screen.getByTestId('move-promise'))
    typeInto(/^Vì sao cần thêm thời gian/, 'Chờ vật tư')
    await load(tab, AT_UNIT)
    expect(valueOf(/^Vì sao cần thêm thời gian/)).toBe('Chờ vật tư')
  })

  it('are shown where the case has gone on meanwhile, and no step takes them any more', async () => {
    const tab = memoryStorage()
    await load(tab, AT_UNIT)
    typeInto(RESULT, 'Đã thay bóng đèn.')
    await load(tab, aTicket({ state: 'answered', actions: [] }))
    expect(screen.getByText('Đã thay bóng đèn.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Bỏ bản nháp' }))
    expect(screen.queryByText('Đã thay bóng đèn.')).toBeNull()
    expect(wordsIn(tab)).toEqual([])
  })

  it('are gone once they were sent, and stay when that failed', async () => {
    const tab = memoryStorage()
    await load(tab, AT_UNIT, { fails: true })
    typeInto(RESULT, 'Đã thay bóng đèn.')
    fireEvent.click(screen.getByTestId('move-send'))
    await settle()
    expect(wordsIn(tab)).toHaveLength(1)
    await load(tab, AT_UNIT)
    fireEvent.click(screen.getByTestId('move-send'))
    await settle()
    expect(wordsIn(tab)).toEqual([])
  })

  it('are another person’s business at the same tab no more than those of another case', async () => {
    const tab = memoryStorage()
    await load(tab, AT_UNIT)
    typeInto(RESULT, 'Ông Đại ở số 12.')
    await load(tab, AT_UNIT, { personId: 2 })
    expect(valueOf(RESULT)).toBe('')
    expect(wordsIn(tab)).toEqual([])
  })

  it('end at sign-out', async () => {
    const tab = memoryStorage()
    const { desk } = await load(tab, AT_UNIT)
    typeInto(RESULT, 'Ông Đại ở số 12.')
    expect(wordsIn(tab)).toHaveLength(1)
    await act(() => desk.signOut())
    expect(wordsIn(tab)).toEqual([])
  })
})

describe('a direct answer', () => {
  it('is there again with its source, at the step it was written for, until it is given', async () => {
    const tab = memoryStorage()
    await load(tab, AT_DESK, { role: 'operator' })
    fireEvent.click(screen.getByRole('radio', { name: 'Trả lời ngay' }))
    typeInto(/^Nội dung trả lời công dân/, 'Nộp ở một cửa.')
    typeInto(/^Căn cứ trả lời/, 'QĐ 12')
    await load(tab, AT_DESK, { role: 'operator' })
    expect(valueOf(/^Nội dung trả lời công dân/)).toBe('Nộp ở một cửa.')
    expect(valueOf(/^Căn cứ trả lời/)).toBe('QĐ 12')
    expect(screen.getByText('Đã khôi phục bản nháp.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /Ghi nhận đã trả lời công dân/ }))
    await settle()
    expect(wordsIn(tab)).toEqual([])
  })
})

describe('the box of words', () => {
  it('keeps them beside a storage that is full', () => {
    const storage = memoryStorage()
    const full = (): void => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    const words = createKeptWords(Object.assign(storage, { setItem: full }), () => 1)
    words.write('move:x', { result: 'Đã sửa' })
    expect(words.read('move:x')).toEqual({ result: 'Đã sửa' })
    words.write('move:x', null)
    expect(words.read('move:x')).toBeNull()
  })

  it('reads nothing that it cannot', () => {
    const storage = memoryStorage()
    storage.setItem('words:1:move:y', '{')
    expect(createKeptWords(storage, () => 1).read('move:y')).toBeNull()
  })
})
