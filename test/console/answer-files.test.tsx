import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/preact'
import { afterEach, describe, expect, it } from 'vitest'
import { ConsoleContext } from '../../src/console/state/console-context.ts'
import { CaseSheet } from '../../src/console/tickets/case-sheet.tsx'
import { TicketHistory } from '../../src/console/tickets/ticket-history.tsx'
import type { Attachment, TicketView } from '../../src/tickets/contract.ts'
import { aSnapshot, aTicket, openDesk } from './support.ts'

const FILES_PATH = 'POST /api/tickets/HP26-000001/answer-files'
const AT = '2026-03-02T01:00:00.000Z'
const aFile = (id: number, name: string): Attachment => ({
  id,
  name,
  mediaType: 'application/pdf',
  sizeBytes: 2_048,
  at: AT,
  signature: null,
})
const CASE = aTicket({
  state: 'inProgress',
  unitId: 'chieu-sang',
  unitName: 'Công ty Chiếu sáng',
  actions: ['askCitizen', 'promise', 'submitAnswer'],
})

afterEach(cleanup)

async function showCase(ticket: TicketView, routes: Record<string, () => unknown> = {}) {
  const opened = await openDesk({ role: 'officer', routes })
  opened.live().accept()
  opened.live().say(aSnapshot({ presence: null }))
  void act(() => {
    opened.desk.showCase(ticket)
  })
  const Sheet = () => {
    const editor = opened.desk.editor.value
    const shown = editor?.ticket.value ?? null
    return editor === null || shown === null ? null : <CaseSheet ticket={shown} editor={editor} />
  }
  render(
    <ConsoleContext.Provider value={opened.desk}>
      <Sheet />
    </ConsoleContext.Provider>,
  )
  return opened
}
const choose = (...names: string[]): void => {
  const files = names.map((name) => new File(['x'], name))
  fireEvent.change(screen.getByLabelText('Đính kèm tệp vào câu trả lời', { selector: 'input' }), {
    target: { files },
  })
}
const answerField = () => screen.getByLabelText<HTMLTextAreaElement>(/^Kết quả giải quyết/)

describe('R049: files with the answer', () => {
  it('are sent at once, each refusal says why, and what was typed stays; the answer takes along what arrived', async () => {
    let taken = 0
    const { asked } = await showCase(CASE, {
      [FILES_PATH]: () => {
        taken += 1
        return taken === 2
          ? Response.json({ code: 'ATTACHMENT_TYPE' }, { status: 422 })
          : { ...CASE, draftFiles: [aFile(taken, 'bien-ban.pdf')] }
      },
      'POST /api/tickets/HP26-000001/moves': () => ({
        ...CASE,
        version: 2,
        state: 'agencyAnswered',
        actions: [],
      }),
    })
    fireEvent.input(answerField(), { target: { value: 'Đã thay ba bóng.' } })
    choose('bien-ban.pdf', 'chay.exe')
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toBe(
      'Chưa nhận chay.exe. Chỉ nhận ảnh, PDF, âm thanh, phim và văn bản thông dụng.',
    )
    expect(answerField().value).toBe('Đã thay ba bóng.')
    expect(screen.getByRole('link', { name: 'bien-ban.pdf' }).getAttribute('href')).toBe(
      '/api/tickets/HP26-000001/attachments/1',
    )
    fireEvent.click(await screen.findByRole('button', { name: 'Gửi câu trả lời về tổng đài' }))
    await expect
      .poll(() => asked.find(({ request }) => request.endsWith('/moves'))?.body)
      .toEqual({
        version: 1,
        action: 'submitAnswer',
        result: 'Đã thay ba bóng.',
        replied: 'hotline',
        files: [1],
      })
  })

  it('hold the answer back while they are on their way', async () => {
    const { asked } = await showCase(CASE, {
      [FILES_PATH]: () => Response.json({ ...CASE, draftFiles: [aFile(1, 'a.pdf')] }),
    })
    fireEvent.input(answerField(), { target: { value: 'Xong.' } })
    choose('a.pdf')
    fireEvent.keyDown(answerField(), { key: 'Enter', ctrlKey: true })
    await screen.findByRole('link', { name: 'a.pdf' })
    expect(asked.filter(({ request }) => request.endsWith('/moves'))).toEqual([])
  })

  it('are taken out again one by one, and a failure of that is said', async () => {
    const drafted = { ...CASE, draftFiles: [aFile(4, 'nham.pdf')] }
    let fails = true
    await showCase(drafted, {
      'DELETE /api/tickets/HP26-000001/answer-files/4': () => {
        if (fails) throw new TypeError('fetch failed')
        return CASE
      },
    })
    const drop = () => screen.getByRole('button', { name: 'Bỏ nham.pdf khỏi câu trả lời' })
    fireEvent.click(drop())
    expect((await screen.findByRole('alert')).textContent).toMatch(/^Không liên lạc được/)
    fails = false
    fireEvent.click(drop())
    await expect.poll(() => screen.queryByText('nham.pdf')).toBeNull()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('stand beside the answer, apart from the citizen’s, and those of an earlier answer in the history', async () => {
    await showCase({
      ...CASE,
      agencyAnswer: 'Đã thay.',
      attachments: [aFile(1, 'anh-cua-dan.jpg')],
      answerFiles: [aFile(2, 'bien-ban.pdf')],
    })
    const own = screen.getByRole('region', { name: 'Tệp kèm câu trả lời của đơn vị' })
    expect(within(own).getByText('bien-ban.pdf')).toBeTruthy()
    expect(within(own).queryByText('anh-cua-dan.jpg')).toBeNull()
    cleanup()
    const detail = { result: 'Đã thay.', files: [{ id: 7, name: 'lan-1.pdf' }] }
    render(
      <TicketHistory
        messages={[]}
        code="HP26-000001"
        events={[{ id: 1, at: AT, type: 'agencyAnswered', actorName: null, detail }]}
      />,
    )
    expect(screen.getByRole('link', { name: 'lan-1.pdf' }).getAttribute('href')).toMatch(/attachments\/7$/)
  })
})
