import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { announceRinging } from '../../src/console/state/announce.ts'
import { speak } from '../../src/console/i18n/translate.ts'
import { language } from '../../src/console/state/preferences.ts'
import { route } from '../../src/console/state/route.ts'
import { aPop, aSnapshot, openDesk } from './support.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(document, 'hasFocus').mockReturnValue(false)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  route.value = { page: 'desk' }
  language.value = 'vi'
})

describe('the tab’s title', () => {
  it('names the page, in the language of the page', async () => {
    const { desk } = await openDesk()
    announceRinging(desk, document)
    expect(document.title).toBe('Bàn trực – Tổng đài 1022')
    route.value = { page: 'ticket', code: 'HP26-000001' }
    expect(document.title).toBe('HP26-000001 – Tổng đài 1022')
    await speak('en')
    expect(document.title).toBe('HP26-000001 – Hotline 1022')
  })

  it('calls out who rings, and is itself again afterwards', async () => {
    const { desk, live } = await openDesk()
    announceRinging(desk, document)
    live().accept()
    live().say(aSnapshot())
    live().say({ type: 'pop', pop: aPop() })
    expect(document.title).toBe('☎ Cuộc gọi đến: Phạm Văn Đại')
    vi.advanceTimersByTime(900)
    expect(document.title).toBe('Bàn trực – Tổng đài 1022')
    vi.advanceTimersByTime(900)
    expect(document.title).toContain('Phạm Văn Đại')
    live().say({ type: 'popClosed', callId: 'call-1', reason: 'callerGone', operatorName: null })
    vi.advanceTimersByTime(5_000)
    expect(document.title).toBe('Bàn trực – Tổng đài 1022')
  })

  it('stays as it is for one who works in this window, and speaks as soon as they look elsewhere', async () => {
    const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    const { desk, live } = await openDesk()
    announceRinging(desk, document)
    live().accept()
    live().say(aSnapshot())
    live().say({ type: 'pop', pop: aPop() })
    expect(document.title).toBe('Bàn trực – Tổng đài 1022')
    focus.mockReturnValue(false)
    vi.advanceTimersByTime(1_800)
    expect(document.title).toContain('Phạm Văn Đại')
  })

  it('does not name a citizen whose number is hidden', async () => {
    const { desk, live } = await openDesk()
    announceRinging(desk, document)
    live().accept()
    const hidden = { raw: '', e164: null, display: '', kind: 'anonymous' as const }
    const caller = { certainty: 'unknown' as const, name: null, address: null, otherNames: [] }
    live().say({ type: 'pop', pop: aPop({ number: hidden, caller }) })
    expect(document.title).toBe('☎ Cuộc gọi đến: Số ẩn')
  })
})
