import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createDraftBox,
  createTicketEditor,
  type EditorDeps,
  SAVE_AFTER_MS,
} from '../../src/console/state/ticket-editor.ts'
import { sendKeptDrafts } from '../../src/console/state/kept-drafts.ts'
import type { SaveTicket, TicketView } from '../../src/tickets/contract.ts'
import { aForm, aTicket, memoryStorage } from './support.ts'

class Failure extends Error {
  readonly kind: 'offline' | 'conflict' | 'refused'
  constructor(kind: Failure['kind']) {
    super(kind)
    this.kind = kind
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** The service as one row that other people write to as well. */
function open(storage = memoryStorage()) {
  let row = aTicket()
  let failing: Failure['kind'] | null = null
  const saves: SaveTicket[] = []
  const gates: (() => void)[] = []
  let gated = false
  const drafts = createDraftBox(storage, 1)
  const deps: EditorDeps = {
    load: () => (failing === 'offline' ? Promise.reject(new Failure('offline')) : Promise.resolve(row)),
    save: async (_code, body) => {
      saves.push(body)
      if (gated) await new Promise<void>((resolve) => gates.push(resolve))
      if (failing !== null) throw new Failure(failing)
      if (body.version !== row.version) throw new Failure('conflict')
      row = { ...row, version: row.version + 1, form: { ...row.form, ...body.form } }
      return row
    },
    failureOf: (cause) => ({
      kind: cause instanceof Failure ? cause.kind : 'refused',
      code: cause instanceof Failure && cause.kind === 'offline' ? 'OFFLINE' : 'CONTENT_REQUIRED',
    }),
    drafts,
  }
  const editor = createTicketEditor(deps)
  return {
    editor,
    drafts,
    saves,
    stored: () => row,
    fail: (kind: Failure['kind'] | null) => {
      failing = kind
    },
    othersWrite: (form: Partial<TicketView['form']>) => {
      row = { ...row, version: row.version + 1, form: { ...row.form, ...form } }
    },
    gate: (on: boolean) => {
      gated = on
    },
    letThrough: async () => {
      for (const go of gates.splice(0)) go()
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

describe('the form that saves itself', () => {
  it('sends once the operator pauses, only what changed, with a title from the first sentence', async () => {
    const { editor, saves, stored } = open()
    editor.attach(aTicket())
    editor.edit({ content: 'Đèn' })
    editor.edit({ content: 'Đèn hỏng. Ba tối.' })
    expect(editor.saveState.value).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)
    expect(saves).toEqual([
      {
        version: 1,
        form: { content: 'Đèn hỏng. Ba tối.', title: 'Đèn hỏng' },
        base: { content: '', title: '' },
      },
    ])
    expect(stored().form.content).toBe('Đèn hỏng. Ba tối.')
    expect(editor.saveState.value).toBe('saved')
  })

  it('leaves a title alone that somebody wrote', async () => {
    const { editor, stored } = open()
    editor.attach(aTicket())
    editor.edit({ content: 'Đèn hỏng.' })
    editor.edit({ title: 'Cột đèn số 5' })
    editor.edit({ content: 'Đèn hỏng. Ba tối.' })
    await editor.flush()
    expect(stored().form.title).toBe('Cột đèn số 5')
  })

  it('keeps every word while the network is away and sends them when it is back', async () => {
    const { editor, drafts, fail, stored } = open()
    editor.attach(aTicket())
    fail('offline')
    editor.edit({ content: 'Ngập ở ngã tư' })
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)
    expect(editor.saveState.value).toBe('offline')
    editor.edit({ content: 'Ngập ở ngã tư, sâu 50 cm' })
    await vi.advanceTimersByTimeAsync(20_000)
    expect(drafts.read('HP26-000001')?.form.content).toBe('Ngập ở ngã tư, sâu 50 cm')
    fail(null)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(stored().form.content).toBe('Ngập ở ngã tư, sâu 50 cm')
    expect(editor.saveState.value).toBe('saved')
    expect(drafts.codes()).toEqual([])
  })

  it('takes unsent words up again after the page was closed', async () => {
    const storage = memoryStorage()
    const before = open(storage)
    before.editor.attach(aTicket())
    before.fail('offline')
    before.editor.edit({ content: 'Gõ trước khi sập nguồn' })
    const { editor, stored } = open(storage)
    editor.attach(aTicket())
    expect(editor.form.value.content).toBe('Gõ trước khi sập nguồn')
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)
    expect(stored().form.content).toBe('Gõ trước khi sập nguồn')
  })

  it('keeps what is typed while a save is on its way', async () => {
    const { editor, gate, letThrough, stored } = open()
    editor.attach(aTicket())
    gate(true)
    editor.edit({ content: 'một' })
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)
    editor.edit({ content: 'một hai' })
    await letThrough()
    expect(editor.form.value.content).toBe('một hai')
    gate(false)
    await letThrough()
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)
    expect(stored().form.content).toBe('một hai')
  })

  it('takes in what others wrote elsewhere in the form', async () => {
    const { editor, othersWrite, stored } = open()
    editor.attach(aTicket())
    othersWrite({ place: '12 Lạch Tray' })
    editor.edit({ content: 'Đèn hỏng' })
    expect(await editor.flush()).toBe(true)
    expect(editor.form.value).toMatchObject({ content: 'Đèn hỏng', place: '12 Lạch Tray' })
    expect(stored().form).toMatchObject({ content: 'Đèn hỏng', place: '12 Lạch Tray' })
    expect(editor.conflicts.value).toEqual([])
  })

  it('shows both texts when two people wrote the same field, and takes the chosen one', async () => {
    const { editor, othersWrite, stored } = open()
    editor.attach(aTicket())
    othersWrite({ content: 'bản của họ' })
    editor.edit({ content: 'bản của tôi' })
    await editor.flush()
    expect(editor.form.value.content).toBe('bản của tôi')
    const conflict = editor.conflicts.value.find(({ field }) => field === 'content')
    if (conflict === undefined) throw new Error('the conflict is not shown')
    expect(conflict.theirs).toBe('bản của họ')
    editor.settle(conflict, 'theirs')
    await editor.flush()
    expect(stored().form.content).toBe('bản của họ')
    expect(editor.conflicts.value.some(({ field }) => field === 'content')).toBe(false)
  })

  it('sends nothing over the other’s words until somebody has chosen, and the rest meanwhile', async () => {
    const { editor, othersWrite, stored, saves } = open()
    editor.attach(aTicket())
    othersWrite({ content: 'bản của họ' })
    editor.edit({ content: 'bản của tôi' })
    editor.edit({ place: '12 Lạch Tray' })
    expect(await editor.flush()).toBe(false)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(stored().form).toMatchObject({ content: 'bản của họ', place: '12 Lạch Tray' })
    expect(editor.conflicts.value).toEqual([{ field: 'content', theirs: 'bản của họ' }])
    expect(editor.problem.value).toBe('FIELD_CHANGED')
    expect(saves).toHaveLength(2)
    const [conflict] = editor.conflicts.value
    if (conflict !== undefined) editor.settle(conflict, 'mine')
    expect(await editor.flush()).toBe(true)
    expect(stored().form).toMatchObject({ content: 'bản của tôi', title: 'bản của tôi' })
    expect(saves.at(-1)?.base).toMatchObject({ content: 'bản của họ' })
  })

  it('asks no more where both came to the same words', async () => {
    const { editor, othersWrite } = open()
    editor.attach(aTicket())
    othersWrite({ place: 'số 12' })
    editor.edit({ place: 'số 14' })
    await editor.flush()
    expect(editor.conflicts.value).toHaveLength(1)
    editor.edit({ place: 'số 12' })
    expect(editor.conflicts.value).toEqual([])
    expect(await editor.flush()).toBe(true)
  })

  it('still asks after the page was closed, and nothing else sends the words', async () => {
    const storage = memoryStorage()
    const before = open(storage)
    before.editor.attach(aTicket())
    before.othersWrite({ content: 'bản của họ' })
    before.editor.edit({ content: 'bản của tôi' })
    await before.editor.flush()
    before.editor.close()
    const { editor, saves } = open(storage)
    editor.attach(before.stored())
    await vi.advanceTimersByTimeAsync(20_000)
    expect(editor.form.value.content).toBe('bản của tôi')
    expect(editor.conflicts.value).toEqual([{ field: 'content', theirs: 'bản của họ' }])
    await sendKeptDrafts({
      drafts: before.drafts,
      except: () => null,
      load: () => Promise.resolve(before.stored()),
      save: (_code, body) => {
        saves.push(body)
        return Promise.resolve(before.stored())
      },
    })
    expect(saves).toEqual([])
  })

  it('says that the service refuses, keeps the words, and does not knock again by itself', async () => {
    const { editor, drafts, fail, saves } = open()
    editor.attach(aTicket())
    fail('refused')
    editor.edit({ content: 'x' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(editor.saveState.value).toBe('refused')
    expect(editor.problem.value).toBe('CONTENT_REQUIRED')
    expect(saves).toHaveLength(1)
    expect(drafts.read('HP26-000001')?.form.content).toBe('x')
  })

  it('lets the operator write before the case has its code', async () => {
    const { editor, stored } = open()
    editor.edit({ content: 'Nhanh hơn máy chủ' })
    await vi.advanceTimersByTimeAsync(5_000)
    editor.attach(aTicket({ form: aForm({ reporter: { ...aForm().reporter, phone: '0950 000 777' } }) }))
    expect(editor.form.value).toMatchObject({
      content: 'Nhanh hơn máy chủ',
      reporter: { phone: '0950 000 777' },
    })
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)
    expect(stored().form.content).toBe('Nhanh hơn máy chủ')
  })

  it('ignores a copy older than the one it has', () => {
    const { editor } = open()
    editor.attach(aTicket({ version: 5, form: aForm({ content: 'mới' }) }))
    editor.attach(aTicket({ version: 4, form: aForm({ content: 'cũ' }) }))
    expect(editor.form.value.content).toBe('mới')
  })

  it('sends the last words when it is closed', async () => {
    const { editor, stored } = open()
    editor.attach(aTicket())
    editor.edit({ content: 'câu cuối' })
    editor.close()
    await vi.advanceTimersByTimeAsync(0)
    expect(stored().form.content).toBe('câu cuối')
  })
})

describe('the box of drafts', () => {
  it('keeps each person’s drafts apart', () => {
    const storage = memoryStorage()
    const draft = { base: aForm(), form: aForm({ content: 'của Hạ' }) }
    createDraftBox(storage, 1).write('HP26-000001', draft)
    expect(createDraftBox(storage, 2).read('HP26-000001')).toBeUndefined()
    expect(createDraftBox(storage, 1).codes()).toEqual(['HP26-000001'])
  })

  it('forgets what it cannot read', () => {
    const storage = memoryStorage()
    storage.setItem('draft:1:HP26-000001', '{"form":')
    expect(createDraftBox(storage, 1).read('HP26-000001')).toBeUndefined()
    expect(storage.length).toBe(0)
  })

  it('does not stand in the way when the storage is full', () => {
    const full = memoryStorage()
    full.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    expect(() => {
      createDraftBox(full, 1).write('HP26-000001', { base: aForm(), form: aForm() })
    }).not.toThrow()
  })
})
