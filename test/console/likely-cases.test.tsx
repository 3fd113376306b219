import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setServerTime } from '../../src/console/state/clock.ts'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { FieldGuess } from '../../src/console/tickets/guess.tsx'
import { LikelyCases } from '../../src/console/tickets/likely-cases.tsx'
import { ASK_AFTER_MS, followWords, liveHelp, NO_HELP } from '../../src/console/tickets/live-help.ts'
import type { AskSuggestions, Duplicate, Suggestions } from '../../src/suggestions/contract.ts'
import { aForm, aSnapshot, aTicket, memoryStorage, openDesk } from './support.ts'

const ASK = 'POST /api/suggestions'
const MOVE = 'POST /api/tickets/HP26-000001/moves'
const LIKELY: Duplicate = {
  code: 'HP26-000009',
  title: 'Ba cột đèn tắt',
  place: '12 Lạch Tray',
  areaId: null,
  state: 'assigned',
  createdAt: '2026-03-01T23:00:00.000Z',
  dueAt: '2026-03-02T09:45:00.000Z',
  unitName: 'Công ty Điện chiếu sáng',
  score: 80,
  canMerge: true,
  reasons: [{ kind: 'street', name: 'Lạch Tray' }, { kind: 'field' }],
}
const DRAFT = aTicket({ actions: ['receive', 'answer', 'sendSlip', 'merge', 'save', 'attach'] })
const DIRECTORY = {
  units: [],
  categories: [
    {
      id: 'infra',
      name: 'Hạ tầng',
      article: 'Đ5.1',
      fields: [{ id: 'lighting', name: 'Chiếu sáng', unitIds: [] }],
    },
  ],
  areas: [],
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  cleanup()
  liveHelp.value = NO_HELP
  vi.useRealTimers()
})

async function open(
  options: {
    readonly suggest?: (body: unknown) => unknown
    readonly storage?: Storage
    readonly duplicates?: Duplicate[]
  } = {},
) {
  const suggest =
    options.suggest ?? ((): Suggestions => ({ ...NO_HELP, duplicates: options.duplicates ?? [LIKELY] }))
  const opened = await openDesk({
    routes: {
      [ASK]: suggest,
      'GET /api/directory': () => DIRECTORY,
      'PATCH /api/tickets/HP26-000001': (body) => {
        const { form } = body as { form: object }
        return { ...DRAFT, version: 2, form: { ...DRAFT.form, ...form } }
      },
      [MOVE]: () => ({ ...DRAFT, version: 3, state: 'merged', actions: [] }),
    },
  })
  opened.live().accept()
  opened.live().say(aSnapshot())
  setServerTime('2026-03-02T01:00:00.000Z', Date.parse('2026-03-02T01:00:00.000Z'))
  followWords(opened.desk, options.storage ?? memoryStorage())
  opened.desk.showCase(DRAFT)
  const editor = opened.desk.editor.value
  if (editor === null) throw new Error('no case on the desk')
  const peeked: string[] = []
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <input aria-label="elsewhere" />
      <FieldGuess
        editor={editor}
        onTake={(fieldId) => {
          editor.edit({ fieldId })
        }}
      />
      <LikelyCases ticket={DRAFT} editor={editor} onPeek={(code) => peeked.push(code)} />
    </ConsoleContext.Provider>,
  )
  const type = async (content: string, ms = ASK_AFTER_MS): Promise<void> => {
    await act(async () => {
      editor.edit({ content })
      await vi.advanceTimersByTimeAsync(ms)
    })
  }
  const questions = (): AskSuggestions[] =>
    opened.asked.filter(({ request }) => request === ASK).map(({ body }) => body as AskSuggestions)
  return { ...opened, editor, type, questions, peeked }
}

describe('R080: likely duplicates beside the form', () => {
  it('are asked for when the typing pauses, once for all the keys before', async () => {
    const { type, questions } = await open()
    await type('Đèn', 100)
    await type('Đèn đường', 100)
    await type('Đèn đường tắt')
    expect(questions().map(({ content }) => content)).toEqual(['Đèn đường tắt'])
    expect(questions()[0]).toMatchObject({ code: 'HP26-000001', phone: null })
  })

  it('say which case, where, how it stands, and why', async () => {
    const { type } = await open()
    await type('Đèn đường tắt')
    const list = screen.getByTestId('likely')
    for (const words of ['HP26-000009', 'Ba cột đèn tắt', '12 Lạch Tray'])
      expect(list.textContent).toContain(words)
    expect(list.textContent).toContain('cùng địa điểm Lạch Tray, cùng lĩnh vực, 2 giờ 0 phút trước')
  })

  it('never take the cursor, and never touch what is typed', async () => {
    const { type, editor } = await open()
    const elsewhere = screen.getByLabelText('elsewhere')
    elsewhere.focus()
    await type('Đèn đường tắt')
    expect(document.activeElement).toBe(elsewhere)
    expect(editor.form.value.content).toBe('Đèn đường tắt')
  })

  it('belong to the last words only: an answer that was overtaken is thrown away', async () => {
    const { type, desk } = await open()
    const asked: { readonly givenUp: AbortSignal; readonly answer: (value: Suggestions) => void }[] = []
    vi.spyOn(desk.api, 'suggest').mockImplementation(
      (_body, givenUp) =>
        new Promise((answer) => {
          asked.push({ givenUp, answer })
        }),
    )
    await type('Đèn đường tắt')
    await type('Nước máy đục ngầu')
    const [first, second] = asked
    expect([first?.givenUp.aborted, second?.givenUp.aborted]).toEqual([true, false])
    await act(async () => {
      first?.answer({ ...NO_HELP, duplicates: [LIKELY] })
      await vi.advanceTimersByTimeAsync(10)
    })
    expect(liveHelp.value).toEqual(NO_HELP)
  })

  it('that do not come are no failure, and saving goes on', async () => {
    const { type, editor, asked } = await open({
      suggest: () => {
        throw new TypeError('fetch failed')
      },
    })
    await type('Đèn đường tắt', 2_000)
    expect(screen.queryByTestId('likely')).toBeNull()
    expect(asked.some(({ request }) => request.startsWith('PATCH'))).toBe(true)
    expect(editor.saveState.value).not.toBe('refused')
  })

  it('are put aside for this case, also after the page is loaded again', async () => {
    const storage = memoryStorage()
    const { type } = await open({ storage })
    await type('Đèn đường tắt')
    fireEvent.click(screen.getByRole('button', { name: 'Phiếu HP26-000009 là việc khác, không gợi ý nữa' }))
    expect(screen.queryByTestId('likely')).toBeNull()
    cleanup()
    liveHelp.value = NO_HELP
    const again = await open({ storage })
    await again.type('Đèn đường tắt')
    expect(screen.queryByTestId('likely')).toBeNull()
  })

  it('are looked at beside, the form staying as it is', async () => {
    const { type, peeked, editor } = await open()
    await type('Đèn đường tắt')
    fireEvent.click(screen.getByRole('button', { name: 'Xem phiếu HP26-000009 bên cạnh' }))
    expect(peeked).toEqual(['HP26-000009'])
    expect(editor.form.value.content).toBe('Đèn đường tắt')
  })

  it('take this one in after one more question, with what the citizen is told', async () => {
    const { type, asked } = await open()
    await type('Đèn đường tắt', 2_000)
    fireEvent.click(screen.getByTestId('merge-into-HP26-000009'))
    const question = screen.getByRole('group', { name: 'Ghép vào phiếu HP26-000009' })
    expect(question.textContent).toContain('Công ty Điện chiếu sáng đang xử lý, hạn trả lời 16:45.')
    expect(asked.some(({ request }) => request === MOVE)).toBe(false)
    await act(async () => {
      fireEvent.click(screen.getByTestId('merge-sure'))
      await vi.advanceTimersByTimeAsync(100)
    })
    const sent = asked.find(({ request }) => request === MOVE)?.body
    expect(sent).toMatchObject({ action: 'merge', parentCode: 'HP26-000009' })
  })

  it('that are closed can be read and not merged into', async () => {
    const { type } = await open({ duplicates: [{ ...LIKELY, state: 'closed', canMerge: false }] })
    await type('Đèn đường tắt')
    expect(screen.queryByTestId('merge-into-HP26-000009')).toBeNull()
  })
})

describe('R023: the field the words are about', () => {
  it('is one key away, and is ignored otherwise', async () => {
    const { type, editor } = await open({
      suggest: () => ({ ...NO_HELP, fields: [{ fieldId: 'lighting', words: ['đèn đường'] }] }),
    })
    await type('Đèn đường tắt')
    expect(editor.form.value.fieldId).toBeNull()
    const guess = screen.getByTestId('guess-lighting')
    expect(guess.getAttribute('aria-keyshortcuts')).toBe('Alt+L')
    expect(guess.title).toContain('đèn đường')
    fireEvent.click(guess)
    expect(editor.form.value).toEqual({
      ...aForm({ content: 'Đèn đường tắt', title: 'Đèn đường tắt' }),
      fieldId: 'lighting',
    })
    expect(screen.queryByTestId('guess-lighting')).toBeNull()
  })
})
