import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person } from '../../src/accounts/contract.ts'
import {
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  HEAD,
  OFFICER,
  OPERATOR,
  OTHER_OFFICER,
  OTHER_UNIT,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

let desk: Desk
beforeEach(() => {
  desk = createDesk()
})
afterEach(() => desk.close())

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n')
async function* whole(content: Buffer): AsyncGenerator<Uint8Array> {
  yield content
}
const view = (code: string, by: Person = OPERATOR) => desk.tickets.view(code, by)
const move = (code: string, by: Person, asked: Record<string, unknown>) =>
  desk.tickets.move(code, { version: view(code, SUPERVISOR).version, ...asked } as never, by)
const add = (code: string, by: Person, name = 'bien-ban.pdf', content = PDF) =>
  desk.tickets.attachToAnswer(code, { name, content: whole(content) }, by)
const names = (files: readonly { readonly name: string }[]) => files.map(({ name }) => name)
const folder = () => {
  try {
    return readdirSync(join(desk.folder, 'attachments'))
  } catch {
    return []
  }
}
/** A case that its unit has taken up. */
function accepted(): string {
  const { code, version } = fillDraft(desk)
  desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
  move(code, OFFICER, { action: 'accept' })
  return code
}
const refused = (code: string) => expect.objectContaining({ code }) as unknown

describe('R049: files with a unit’s answer', () => {
  it('are the unit’s own until the answer is given, then stand beside it and not among the citizen’s', async () => {
    const code = accepted()
    await desk.tickets.attach(code, { name: 'anh-cua-dan.pdf', content: whole(PDF) }, OPERATOR)
    await add(code, OFFICER)
    const draft = await add(code, HEAD, 'anh-sau.pdf')
    expect(names(draft.draftFiles)).toEqual(['bien-ban.pdf', 'anh-sau.pdf'])
    const [first, second] = draft.draftFiles.map(({ id }) => id)
    for (const other of [OPERATOR, SUPERVISOR, CITY_OFFICE]) {
      expect(view(code, other)).toMatchObject({ draftFiles: [], answerFiles: [] })
      expect(() => desk.tickets.attachment(code, first ?? 0, other)).toThrow(refused('ATTACHMENT_NOT_FOUND'))
    }
    expect(desk.tickets.attachment(code, first ?? 0, HEAD).name).toBe('bien-ban.pdf')

    move(code, OFFICER, {
      action: 'submitAnswer',
      replied: 'hotline',
      result: 'Đã thay bóng.',
      files: [first],
    })
    const seen = view(code)
    expect(names(seen.answerFiles)).toEqual(['bien-ban.pdf'])
    expect(names(seen.attachments)).toEqual(['anh-cua-dan.pdf'])
    expect(seen.events.at(-1)).toMatchObject({
      type: 'agencyAnswered',
      detail: {
        files: [
          { id: first, name: 'bien-ban.pdf', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
        ],
      },
    })
    expect(desk.tickets.attachment(code, first ?? 0, OPERATOR).mediaType).toBe('application/pdf')
    // what the answer was given without stays behind
    expect(names(view(code, OFFICER).draftFiles)).toEqual(['anh-sau.pdf'])
    expect(() => desk.tickets.attachment(code, second ?? 0, OPERATOR)).toThrow(
      refused('ATTACHMENT_NOT_FOUND'),
    )
  })

  it('belong to the answer they came with: the next one has its own, the earlier ones stay in the history', async () => {
    const code = accepted()
    const [first] = (await add(code, OFFICER, 'lan-1.pdf')).draftFiles.map(({ id }) => id)
    move(code, OFFICER, { action: 'submitAnswer', replied: 'hotline', result: 'Xong.', files: [first] })
    move(code, OPERATOR, { action: 'returnAnswer', reason: 'Thiếu ngày' })
    expect(() =>
      move(code, OFFICER, { action: 'submitAnswer', replied: 'hotline', result: 'Xong.', files: [first] }),
    ).toThrow(refused('ATTACHMENT_NOT_FOUND'))
    const [second] = (await add(code, OFFICER, 'lan-2.pdf')).draftFiles.map(({ id }) => id)
    move(code, OFFICER, {
      action: 'submitAnswer',
      replied: 'hotline',
      result: 'Xong ngày 02/03.',
      files: [second, second],
    })
    expect(names(view(code).answerFiles)).toEqual(['lan-2.pdf'])
    expect(desk.tickets.attachment(code, first ?? 0, OPERATOR).name).toBe('lan-1.pdf')
    expect(() => desk.db.raw.exec('DELETE FROM ticket_attachments')).toThrow(/stays/)
    expect(() => desk.db.raw.exec("UPDATE ticket_attachments SET name = 'x'")).toThrow(/never changes/)
  })

  it('are taken back out only while nothing is given, and leave nothing behind', async () => {
    const code = accepted()
    const [id] = (await add(code, OFFICER)).draftFiles.map((file) => file.id)
    expect(folder()).toHaveLength(1)
    expect((await desk.tickets.dropFromAnswer(code, id ?? 0, HEAD)).draftFiles).toEqual([])
    expect(folder()).toEqual([])
    await expect(desk.tickets.dropFromAnswer(code, id ?? 0, HEAD)).rejects.toEqual(
      refused('ATTACHMENT_NOT_FOUND'),
    )
    const [given] = (await add(code, OFFICER)).draftFiles.map((file) => file.id)
    move(code, OFFICER, { action: 'submitAnswer', replied: 'hotline', result: 'Xong.', files: [given] })
    move(code, OPERATOR, { action: 'returnAnswer', reason: 'Thiếu ngày' })
    await expect(desk.tickets.dropFromAnswer(code, given ?? 0, OFFICER)).rejects.toEqual(
      refused('ATTACHMENT_NOT_FOUND'),
    )
    expect(folder()).toHaveLength(1)
  })

  it('are refused where no answer is awaited, of a kind that is not taken, and beyond ten; nothing is left over', async () => {
    const { code: early, version } = fillDraft(desk)
    desk.tickets.sendSlip(early, { version, unitId: UNIT, note: '' }, OPERATOR)
    await expect(add(early, OFFICER)).rejects.toEqual(refused('ACTION_NOT_POSSIBLE'))
    const code = accepted()
    await expect(add(code, OPERATOR)).rejects.toEqual(refused('ACTION_NOT_YOURS'))
    await expect(add(code, OFFICER, 'a.exe', Buffer.from('MZ'))).rejects.toEqual(refused('ATTACHMENT_TYPE'))
    expect(folder()).toEqual([])
    for (let at = 0; at < 10; at += 1) await add(code, OFFICER)
    await expect(add(code, OFFICER)).rejects.toEqual(refused('TOO_MANY_ATTACHMENTS'))
    expect(folder()).toHaveLength(10)
  })

  it('R099 (Đ17.6): and the document they are, with its number, day and signer, are kept with it', async () => {
    const code = accepted()
    const [paper] = (await add(code, OFFICER, 'cong-van.pdf')).draftFiles
    expect(paper?.signature).toBe('none')
    const document = { documentNo: '15/CSCC', documentDate: '2026-03-02', signer: 'Mai Thị Tuyết Trinh' }
    expect(() =>
      move(code, OFFICER, {
        action: 'submitAnswer',
        replied: 'hotline',
        result: 'Xong.',
        ...document,
        documentDate: '2026-03-03',
      }),
    ).toThrow(refused('DOCUMENT_DATE_TO_COME'))
    move(code, OFFICER, {
      action: 'submitAnswer',
      replied: 'hotline',
      result: 'Xong.',
      files: [paper?.id ?? 0],
      ...document,
    })
    const seen = view(code)
    expect(seen.events.findLast(({ type }) => type === 'agencyAnswered')?.detail).toMatchObject(document)
    expect(seen.answerFiles).toMatchObject([{ name: 'cong-van.pdf', signature: 'none' }])
  })

  it('that arrive after the case went on are not kept', async () => {
    const code = accepted()
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield PDF
      move(code, OPERATOR, { action: 'withdraw', reason: 'Đã tự sửa' })
    }
    await expect(
      desk.tickets.attachToAnswer(code, { name: 'a.pdf', content: slow() }, OFFICER),
    ).rejects.toEqual(refused('ACTION_NOT_POSSIBLE'))
    expect(folder()).toEqual([])
  })

  it('of another unit, or of the City Office while it leads, are not to be had', async () => {
    const code = accepted()
    const [own] = (await add(code, OFFICER)).draftFiles.map(({ id }) => id)
    move(code, SUPERVISOR, { action: 'reroute', reason: 'Đúng đơn vị', unitId: OTHER_UNIT })
    move(code, OTHER_OFFICER, { action: 'accept' })
    expect(view(code, OTHER_OFFICER).draftFiles).toEqual([])
    expect(() =>
      move(code, OTHER_OFFICER, {
        action: 'submitAnswer',
        replied: 'hotline',
        result: 'Xong.',
        files: [own],
      }),
    ).toThrow(refused('ATTACHMENT_NOT_FOUND'))
    move(code, CITY_OFFICE, { action: 'takeLead', leadReason: 'forChairman' })
    const [paper] = (await add(code, CITY_OFFICE, 'cong-van.pdf')).draftFiles.map(({ id }) => id)
    move(code, CITY_OFFICE, {
      action: 'submitAnswer',
      replied: 'hotline',
      result: 'Đã có kết quả.',
      files: [paper],
    })
    expect(names(view(code).answerFiles)).toEqual(['cong-van.pdf'])
  })

  it('go over HTTP for those who answer, one at a time, with the reason of a refusal', async () => {
    const code = accepted()
    const app = await desk.serve()
    const post = (who: string, name: string, content: string) => {
      const form = new FormData()
      form.append('file', new Blob([content]), name)
      return app.inject({
        method: 'POST',
        url: `/api/tickets/${code}/answer-files`,
        cookies: { sid: who },
        headers: { 'x-csrf-token': 'csrf' },
        payload: form,
      })
    }
    expect((await post('operator', 'a.pdf', '%PDF-1.7\n')).statusCode).toBe(403)
    expect((await post('otherOfficer', 'a.pdf', '%PDF-1.7\n')).statusCode).toBe(404)
    expect((await post('officer', 'a.txt', 'plain')).json()).toMatchObject({ code: 'ATTACHMENT_TYPE' })
    const taken = await post('officer', 'a.pdf', '%PDF-1.7\n')
    expect(taken.statusCode).toBe(200)
    const [file] = taken.json<{ draftFiles: { id: number }[] }>().draftFiles
    const gone = await app.inject({
      method: 'DELETE',
      url: `/api/tickets/${code}/answer-files/${String(file?.id)}`,
      cookies: { sid: 'head' },
      headers: { 'x-csrf-token': 'csrf' },
    })
    expect(gone.json()).toMatchObject({ draftFiles: [] })
    await app.close()
  })
})

describe('R068: files of an answer that nobody gave', () => {
  const DAY = 86_400_000
  const cleaned = (code: string) => view(code).events.filter(({ type }) => type === 'answerDraftsCleaned')

  it('go some days after the case waits for no answer any more, and the history says how many, not which', async () => {
    const code = accepted()
    await desk.tickets.attach(code, { name: 'anh-cua-dan.pdf', content: whole(PDF) }, OPERATOR)
    await add(code, OFFICER, 'nhap-rieng.pdf')
    const sent = await add(code, HEAD, 'ket-qua.pdf')
    const result = sent.draftFiles.at(-1)?.id
    move(code, HEAD, { action: 'submitAnswer', replied: 'hotline', result: 'Đã thay bóng.', files: [result] })
    desk.pass(40 * DAY)
    expect(await desk.tickets.cleanAnswerDrafts()).toBe(0) // it may come back
    move(code, OPERATOR, { action: 'relayAnswer', told: 'voice' })
    expect(await desk.tickets.cleanAnswerDrafts()).toBe(1)
    expect(await desk.tickets.cleanAnswerDrafts()).toBe(0)
    expect(cleaned(code).map(({ detail }) => detail)).toEqual([{ count: 1, unitIds: [UNIT], days: 30 }])
    expect(JSON.stringify(cleaned(code))).not.toContain('nhap-rieng')
    expect([names(view(code).attachments), names(view(code).answerFiles)]).toEqual([
      ['anh-cua-dan.pdf'],
      ['ket-qua.pdf'],
    ])
    expect(folder()).toHaveLength(2)
  })

  it('stay for the days that the city says', async () => {
    await desk.close()
    desk = createDesk({ city: { answerDraftDays: 3 } })
    const code = accepted()
    await add(code, OFFICER)
    move(code, OPERATOR, { action: 'withdraw', reason: 'Đã xong' })
    desk.pass(3 * DAY)
    expect(await desk.tickets.cleanAnswerDrafts()).toBe(0)
    desk.pass(1)
    expect(await desk.tickets.cleanAnswerDrafts()).toBe(1)
    expect(folder()).toEqual([])
  })
})
