import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import { parseNumber } from '../../src/calls/phone-number.ts'
import type { CalendarTable } from '../../src/deadlines/contract.ts'
import type { DossierView } from '../../src/dossiers/contract.ts'
import {
  ADMIN,
  CITY_OFFICE,
  createDesk,
  type Desk,
  fillDraft,
  OFFICER,
  OPERATOR,
  OTHER_OPERATOR,
  SUPERVISOR,
  UNIT,
} from '../support/desk.ts'

const HOUR_MS = 3_600_000

let desk: Desk
beforeEach(() => {
  desk = createDesk({
    attemptsOf: () => [
      { label: 'Trực ban · Điện lực', at: '2026-03-02T01:02:00.000Z', outcome: 'noAnswer' },
      { label: '114', at: '2026-03-02T01:03:00.000Z', outcome: 'accepted' },
    ],
  }) // Monday 2 March 2026, 08:00 in the city
})
afterEach(() => desk.close())

const urgent = (form: Record<string, unknown> = {}) => {
  const draft = fillDraft(desk, { urgent: true, ...form })
  return desk.tickets.receive(draft.code, draft.version, OPERATOR)
}
const waiting = () => desk.dossiers.page({ training: true }, SUPERVISOR).items
const compileAll = (): DossierView =>
  desk.compiling.compile({ itemIds: waiting().map(({ id }) => id) }, OPERATOR)
const typesOf = (code: string) => desk.tickets.view(code, SUPERVISOR).events.map(({ type }) => type)
const problem = (code: string): unknown => expect.objectContaining({ code })
const goTo = (at: string) => {
  desk.pass(Date.parse(at) - desk.now().getTime())
}
const rowsOf = (view: DossierView, index = 0): Record<string, string> =>
  Object.fromEntries((view.entries[index]?.rows ?? []).map(({ label, value }) => [label, value]))

describe('compiling (R058)', () => {
  it('R058: gives a number and the law’s words, and takes the cases off what waits', () => {
    urgent()
    urgent({ title: 'Sập cống' })
    const dossier = compileAll()
    expect(dossier).toMatchObject({
      number: 'HS26-000001',
      state: 'listed',
      cases: 2,
      compiledByName: 'Nguyễn Thị Hạ',
      dueAt: '2026-03-04T10:00:00.000Z',
      late: false,
      legalBasis: 'Điều 9 khoản 6, QĐ 587/QĐ-UBND',
      actions: ['edit', 'takeOut', 'undo', 'send'],
      contentHash: null,
      files: [],
    })
    expect(dossier.cover).toContain('tổng hợp 02 vấn đề cấp bách cần xử lý gấp')
    expect(dossier.cover).toContain('gửi Văn phòng UBND thành phố')
    expect(waiting()).toEqual([])
    expect(typesOf('HP26-000001').at(-1)).toBe('dossierCompiled')
    expect(desk.tickets.view('HP26-000001', OPERATOR).dossier).toMatchObject([
      { dossierNumber: 'HS26-000001', sentAt: null },
    ])
  })

  it('R058: says of each case what it is, whom it was put through to, its unit, result and clocks', () => {
    const { code, version } = urgent()
    desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
    const step = (action: 'accept' | 'submitAnswer', given: object = {}) => {
      const { version: read } = desk.tickets.view(code, OFFICER)
      desk.tickets.move(code, { version: read, action, ...given }, OFFICER)
    }
    step('accept')
    desk.pass(2 * HOUR_MS)
    step('submitAnswer', { replied: 'hotline', result: 'Đã thay ba bóng, gọi 0950 000 777 báo dân' })
    const rows = rowsOf(compileAll())
    expect(rows).toMatchObject({
      'Mã phản ánh': code,
      'Lý do': 'Vấn đề cấp bách',
      'Tiếp nhận': '08:00 02/03/2026',
      'Hạn gửi hồ sơ': '17:00 T4 04/03',
      Việc: 'Đèn đường hỏng',
      'Nội dung': 'Ba cột đèn tắt từ hôm qua, gọi lại •••.',
      'Người phản ánh': 'Cá nhân',
      'Tình trạng': 'Đơn vị đã có kết quả',
      'Kết quả': 'Đã thay ba bóng, gọi ••• báo dân (10:00 02/03/2026)',
    })
    expect(rows['Địa điểm']).toMatch(/^12 Lạch Tray, /)
    expect(rows['Lĩnh vực']).toMatch(/ – /)
    expect(rows['Chuyển máy khẩn']).toBe(
      '08:02 02/03/2026 Trực ban · Điện lực: không nghe máy\n08:03 02/03/2026 114: đã nhận cuộc gọi',
    )
    expect(rows['Thời hạn']).toContain(
      'Cán bộ đầu mối, 08 giờ làm việc (Đ9.3): đúng hạn, hạn 08:00 03/03/2026, xong 10:00 02/03/2026',
    )
  })

  it('R058: says which deadlines were missed, and when', () => {
    const { code, version } = urgent()
    desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
    goTo('2026-03-12T03:00:00Z')
    desk.deadlines.sweep()
    desk.deadlines.sweep()
    const clocks = rowsOf(compileAll())['Thời hạn']
    expect(clocks).toContain('08 giờ làm việc (Đ9.3): QUÁ HẠN, hạn 08:00 03/03/2026, chưa xong')
  })

  it('names nobody and no number of a citizen, of a confidential case least of all', () => {
    urgent({ confidential: true, content: 'Tôi là Phạm Văn Đại, số 0950 000 777, thấy dây điện đứt' })
    const text = JSON.stringify(desk.compiling.view(compileAll().id, SUPERVISOR))
    expect(text).not.toMatch(/Phạm Văn Đại|950 ?000 ?777/)
    expect(text).toContain('Bảo mật theo yêu cầu')
  })

  it('freezes its cases: what happens to them later does not change the dossier', () => {
    const { code } = urgent()
    const { id } = compileAll()
    const { version } = desk.tickets.view(code, OPERATOR)
    desk.tickets.save(code, { version, form: { title: 'Việc khác' } }, OPERATOR)
    expect(rowsOf(desk.compiling.view(id, SUPERVISOR))).toMatchObject({ Việc: 'Đèn đường hỏng' })
  })

  it('R084: keeps training cases apart', () => {
    urgent()
    desk.tickets.openForCall(
      {
        callId: 'c1',
        direction: 'in',
        number: parseNumber('0950000777', '225'),
        callerName: null,
        line: '02251022',
        startedAt: desk.now().toISOString(),
        training: true,
      },
      OPERATOR.id,
    )
    desk.tickets.raiseUrgent('c1', OPERATOR.id)
    expect(compileAll).toThrow(problem('DOSSIER_MIXED_TRAINING'))
    const [, training] = waiting()
    desk.compiling.compile({ itemIds: [training?.id ?? 0] }, OPERATOR)
    expect(desk.compiling.history({}, SUPERVISOR).total).toBe(0)
    expect(desk.compiling.history({ training: true }, SUPERVISOR).total).toBe(1)
  })

  it('takes no case twice, none that was taken off, none that is not there', () => {
    urgent()
    urgent()
    desk.compiling.compile({ itemIds: [1] }, OPERATOR)
    desk.dossiers.set(2, { removed: true, why: 'Trùng' }, SUPERVISOR)
    const compile = (id: number) => () => desk.compiling.compile({ itemIds: [id] }, OPERATOR)
    expect(compile(1)).toThrow(problem('DOSSIER_ITEM_COMPILED'))
    expect(compile(2)).toThrow(problem('DOSSIER_ITEM_REMOVED'))
    expect(compile(3)).toThrow(problem('DOSSIER_ITEM_NOT_FOUND'))
    expect(desk.compiling.history({}, SUPERVISOR).total).toBe(1)
    expect(() => desk.dossiers.set(1, { removed: true, why: 'Nhầm' }, SUPERVISOR)).toThrow(
      problem('DOSSIER_ITEM_COMPILED'),
    )
  })
})

describe('a result that calls for a reminder', () => {
  it('R058: is listed with its reason, two working days from the result', () => {
    const draft = fillDraft(desk)
    const ask = (why: string) => () => desk.dossiers.listResult({ ticketCode: draft.code, why }, OPERATOR)
    expect(ask('Trả lời chung chung')).toThrow(problem('DOSSIER_NO_RESULT'))
    desk.pass(24 * HOUR_MS)
    desk.tickets.answer(draft.code, { version: draft.version, answer: 'Đã chuyển', source: '' }, OPERATOR)
    desk.pass(5 * HOUR_MS)
    expect(ask('Trả lời chung chung')()).toMatchObject({
      reason: 'result',
      why: 'Trả lời chung chung',
      startedAt: '2026-03-03T01:00:00.000Z',
      dueAt: '2026-03-05T10:00:00.000Z',
    })
    expect(ask('Lần nữa')()).toMatchObject({ id: 1, why: 'Trả lời chung chung' })
    expect(ask('    ')).toThrow(problem('DOSSIER_WHY_REQUIRED'))
    const dossier = compileAll()
    expect(dossier.cover).toContain('01 kết quả xử lý cần có văn bản nhắc nhở, đôn đốc')
    expect(rowsOf(dossier)['Lý do']).toBe(
      'Kết quả xử lý cần văn bản nhắc nhở, đôn đốc, giải trình: Trả lời chung chung',
    )
  })

  it('Đ12.1: of a confidential case is listed by whoever may read that case', () => {
    const draft = fillDraft(desk)
    const kept = desk.tickets.save(
      draft.code,
      { version: draft.version, form: { confidential: true } },
      OPERATOR,
    )
    desk.tickets.answer(draft.code, { version: kept.version, answer: 'Đã chuyển', source: '' }, OPERATOR)
    const ask = (who: Person) => () =>
      desk.dossiers.listResult({ ticketCode: draft.code, why: 'Trả lời chung chung' }, who)
    expect(ask(OTHER_OPERATOR)).toThrow(problem('TICKET_OUT_OF_REACH'))
    expect(ask(SUPERVISOR)()).toMatchObject({ reason: 'result' })
  })

  it('of no case, or of one that is not theirs, is no result', () => {
    expect(() => desk.dossiers.listResult({ ticketCode: 'HP26-000099', why: 'Chậm' }, OPERATOR)).toThrow(
      problem('TICKET_NOT_FOUND'),
    )
  })
})

describe('before it is sent', () => {
  it('the cover is written anew or brought back, by whoever read the newest words', () => {
    urgent()
    const first = compileAll()
    const own = desk.compiling.edit(first.id, { revision: 1, cover: '  Kính trình việc khẩn ' }, OPERATOR)
    expect(own).toMatchObject({ cover: 'Kính trình việc khẩn', isOwnCover: true, revision: 2 })
    const late = () => desk.compiling.edit(first.id, { revision: 1, cover: 'Khác hẳn' }, SUPERVISOR)
    expect(late).toThrow(problem('DOSSIER_CHANGED'))
    const back = desk.compiling.edit(first.id, { revision: 2, cover: null }, SUPERVISOR)
    expect(back).toMatchObject({ cover: first.cover, isOwnCover: false })
  })

  it('a case is taken out with a reason and waits again; the last one stays', () => {
    const { code } = urgent()
    urgent()
    const { id } = compileAll()
    const out = desk.compiling.takeOut(id, { revision: 1, itemId: 1, why: 'Đã xong' }, OPERATOR)
    expect(out).toMatchObject({
      cases: 1,
      entries: [{ itemId: 1, takenOutWhy: 'Đã xong', takenOutByName: 'Nguyễn Thị Hạ' }, { takenOutAt: null }],
    })
    expect(out.cover).toContain('01 vấn đề cấp bách')
    expect(waiting()).toMatchObject([{ id: 1, ticketCode: code }])
    expect(typesOf(code).at(-1)).toBe('dossierTakenOut')
    const takeOut = (itemId: number) => () =>
      desk.compiling.takeOut(id, { revision: 2, itemId, why: 'Đã xong' }, OPERATOR)
    expect(takeOut(1)).toThrow(problem('DOSSIER_ITEM_NOT_FOUND'))
    expect(takeOut(2)).toThrow(problem('DOSSIER_LAST_CASE'))
  })

  it('compiling is undone: the cases wait again, the number is not given out twice', () => {
    const { code } = urgent()
    const { id } = compileAll()
    expect(desk.compiling.undo(id, 1, OPERATOR)).toMatchObject({
      state: 'undone',
      cases: 0,
      actions: [],
      undoneByName: 'Nguyễn Thị Hạ',
    })
    expect(typesOf(code).at(-1)).toBe('dossierUndone')
    expect(() => desk.compiling.undo(id, 2, OPERATOR)).toThrow(problem('DOSSIER_STATE'))
    expect(compileAll().number).toBe('HS26-000002')
  })

  it('the City Office knows nothing of it', () => {
    urgent()
    const { id } = compileAll()
    expect(() => desk.compiling.view(id, CITY_OFFICE)).toThrow(problem('DOSSIER_NOT_FOUND'))
    expect(desk.compiling.history({}, CITY_OFFICE)).toEqual({ items: [], total: 0 })
  })
})

describe('sending', () => {
  it('R058: keeps both files with their hashes, and tells the case and the City Office', async () => {
    const { code } = urgent()
    const { id } = compileAll()
    const sent = await desk.compiling.send(id, { revision: 1 }, SUPERVISOR)
    expect(sent).toMatchObject({
      state: 'sent',
      sentByName: 'Trần Văn Đức',
      sentAt: '2026-03-02T01:00:00.000Z',
      late: false,
      actions: [],
    })
    expect(sent.contentHash).toMatch(/^[0-9a-f]{64}$/)
    expect(desk.compiling.view(id, CITY_OFFICE).actions).toEqual(['recordDocument'])
    expect(typesOf(code).at(-1)).toBe('dossierSent')
    for (const { kind, sha256 } of sent.files) {
      const { bytes, name } = await desk.compiling.download(id, kind, CITY_OFFICE)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
      expect(name).toBe(`HS26-000001.${kind}`)
    }
    expect(sent.files.map(({ kind }) => kind)).toEqual(['pdf', 'xlsx'])
  })

  it('happens once, however often it is clicked', async () => {
    urgent()
    const { id } = compileAll()
    const clicks = await Promise.allSettled([
      desk.compiling.send(id, { revision: 1 }, OPERATOR),
      desk.compiling.send(id, { revision: 1 }, SUPERVISOR),
    ])
    expect(clicks.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(typesOf('HP26-000001').filter((type) => type === 'dossierSent')).toHaveLength(1)
  })

  it('sends what was read: a change while it is drawn is not lost and not sent', async () => {
    urgent()
    urgent()
    const { id } = compileAll()
    const sending = desk.compiling.send(id, { revision: 1 }, OPERATOR)
    desk.compiling.takeOut(id, { revision: 1, itemId: 1, why: 'Đã xong' }, SUPERVISOR)
    await expect(sending).rejects.toThrow(problem('DOSSIER_CHANGED'))
    expect(desk.compiling.view(id, SUPERVISOR)).toMatchObject({ state: 'listed', cases: 1, files: [] })
  })

  it('Đ9.6: is on time up to the close of the second working day, and late for ever after it', async () => {
    urgent()
    urgent()
    const [first, second] = [1, 2].map((item) => desk.compiling.compile({ itemIds: [item] }, OPERATOR).id)
    goTo('2026-03-04T10:00:00Z')
    expect(await desk.compiling.send(first ?? 0, { revision: 1 }, OPERATOR)).toMatchObject({ late: false })
    desk.pass(1)
    expect(desk.compiling.history({}, SUPERVISOR).items).toMatchObject([
      { id: second, late: true },
      { id: first, late: false },
    ])
    const late = await desk.compiling.send(second ?? 0, { revision: 1 }, OPERATOR)
    expect(late).toMatchObject({ late: true, entries: [{ late: true }] })
    for (const change of ['sent_late = 0', "sent_at = '2026-03-01'", "content_hash = 'x'", "cover = 'x'"])
      expect(() => desk.db.raw.exec(`UPDATE dossiers SET ${change} WHERE id = ${String(second)}`)).toThrow(
        'stays as it is',
      )
    expect(() => desk.db.raw.exec('DELETE FROM dossiers')).toThrow('kept')
    expect(() => desk.db.raw.exec("UPDATE dossier_entries SET paper = '{}'")).toThrow('as it was compiled')
    expect(() => desk.db.raw.exec("UPDATE dossier_files SET sha256 = 'x'")).toThrow('stays as it is')
  })

  it('gives the same content the same hash, and other content another', async () => {
    urgent()
    const hashes = []
    for (const cover of [null, null, 'Lời khác']) {
      const { id } = compileAll()
      const { revision } = desk.compiling.edit(id, { revision: 1, cover }, OPERATOR)
      const { contentHash } = await desk.compiling.send(id, { revision }, OPERATOR)
      hashes.push(contentHash)
      // As if it had never been: only so the same case can be sent twice.
      desk.db.raw.exec('DROP TRIGGER IF EXISTS dossiers_stay; DELETE FROM dossiers;')
      desk.db.raw.exec('DROP TRIGGER IF EXISTS dossier_entries_stay; DELETE FROM dossier_entries;')
    }
    expect(hashes[0]).toBe(hashes[1])
    expect(hashes[2]).not.toBe(hashes[0])
  })
})

describe('the Chairman’s document', () => {
  const document = { number: '1234/UBND-VP', date: '2026-03-02', text: 'Yêu cầu báo cáo trước 10/03' }

  it('R058: is recorded once by the City Office, with number, day and text', async () => {
    const { code } = urgent()
    const { id } = compileAll()
    const record = (given = document) => desk.compiling.recordDocument(id, given, CITY_OFFICE)
    expect(() => record()).toThrow(problem('DOSSIER_NOT_FOUND'))
    await desk.compiling.send(id, { revision: 1 }, OPERATOR)
    for (const date of ['2026-02-30', '2026-03-03', '2026-13-01'])
      expect(() => record({ ...document, date }), date).toThrow(problem('DOSSIER_DATE'))
    for (const date of ['1999-03-02', '2021-02-25', '0000-01-01'])
      expect(() => record({ ...document, date }), date).toThrow(problem('DOCUMENT_DATE_TOO_OLD'))
    expect(record()).toMatchObject({
      state: 'documentIssued',
      document: { ...document, recordedAt: desk.now().toISOString(), recordedByName: 'Hoàng Thu Uyên' },
    })
    expect(() => record()).toThrow(problem('DOSSIER_STATE'))
    expect(() => desk.db.raw.exec("UPDATE dossiers SET document_text = 'x'")).toThrow('once')
    expect(desk.tickets.view(code, SUPERVISOR).events.at(-1)).toMatchObject({
      type: 'dossierDocument',
      actorName: 'Hoàng Thu Uyên',
      detail: { document: '1234/UBND-VP', date: '2026-03-02' },
    })
  })

  it('is not for the hotline to record', async () => {
    urgent()
    const { id } = compileAll()
    await desk.compiling.send(id, { revision: 1 }, OPERATOR)
    expect(() => desk.compiling.recordDocument(id, document, SUPERVISOR)).toThrow(problem('DOSSIER_STATE'))
  })
})

describe('files', () => {
  it('R068: each reading is in the audit log, with who, which file and its hash', async () => {
    urgent()
    const { id } = compileAll()
    await desk.compiling.download(id, 'xlsx', OPERATOR)
    const { files } = await desk.compiling.send(id, { revision: 1 }, OPERATOR)
    await desk.compiling.download(id, 'pdf', CITY_OFFICE)
    expect(desk.audited).toMatchObject([
      { actorId: OPERATOR.id, action: 'dossier.downloaded', subject: 'dossier:1', detail: { draft: 'true' } },
      {
        actorId: CITY_OFFICE.id,
        detail: { kind: 'pdf', draft: 'false', sha256: files.find(({ kind }) => kind === 'pdf')?.sha256 },
      },
    ])
  })

  it('Đ12.1: a confidential case of somebody else’s is read neither on the page nor in a file', async () => {
    urgent({ confidential: true })
    const { id } = compileAll()
    const seen = desk.compiling.view(id, OTHER_OPERATOR)
    expect(seen).toMatchObject({ mayDownload: false, entries: [{ isOpen: false, rows: [] }] })
    await expect(desk.compiling.download(id, 'pdf', OTHER_OPERATOR)).rejects.toThrow(
      problem('DOSSIER_CONFIDENTIAL'),
    )
    for (const reader of [OPERATOR, SUPERVISOR])
      expect(desk.compiling.view(id, reader).mayDownload, reader.role).toBe(true)
  })
})

describe('R058, A19: a calendar that is edited after compiling', () => {
  const TABLE = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../config/haiphong/calendar.json'), 'utf8'),
  ) as CalendarTable
  const dayOff = (date: string) =>
    desk.calendarBook.save(
      'city',
      {
        base: desk.calendarBook.revision('city').number,
        table: { ...TABLE, exceptions: [...TABLE.exceptions, { date, off: true, why: 'Nghỉ đột xuất' }] },
        reason: 'Văn bản số 1',
      },
      ADMIN,
    )
  const movedOf = (dossier: DossierView) => dossier.entries.map(({ moved }) => moved)

  it('leaves the papers as they are, says which clocks end elsewhere, and compiles them anew under a new number', () => {
    const { code, version } = urgent()
    desk.tickets.sendSlip(code, { version, unitId: UNIT, note: '' }, OPERATOR)
    const made = compileAll()
    expect(movedOf(made)).toEqual([[]])
    expect(made.actions).not.toContain('recompile')
    const { revision } = desk.compiling.edit(made.id, { revision: 1, cover: 'Kính trình' }, OPERATOR)
    dayOff('2026-03-03')
    const seen = desk.compiling.view(made.id, SUPERVISOR)
    expect(seen).toMatchObject({
      dueAt: '2026-03-05T10:00:00.000Z',
      entries: [{ dueAt: made.dueAt, dueText: '17:00 T4 04/03' }],
      actions: ['edit', 'takeOut', 'undo', 'recompile', 'send'],
    })
    expect(movedOf(seen)).toEqual([
      [
        { kind: 'list', dueAt: '2026-03-05T10:00:00.000Z' },
        { kind: 'officer', dueAt: '2026-03-04T01:00:00.000Z' },
      ],
    ])
    expect(() => desk.compiling.recompile(made.id, 1, OPERATOR)).toThrow(problem('DOSSIER_CHANGED'))
    const anew = desk.compiling.recompile(made.id, revision, OPERATOR)
    expect(anew).toMatchObject({
      number: 'HS26-000002',
      cover: 'Kính trình',
      dueAt: '2026-03-05T10:00:00.000Z',
      actions: ['edit', 'takeOut', 'undo', 'send'],
    })
    expect(movedOf(anew)).toEqual([[]])
    expect(desk.compiling.view(made.id, OPERATOR)).toMatchObject({ state: 'undone', actions: [] })
    expect(typesOf(code).slice(-3)).toEqual(['deadlineRecomputed', 'dossierUndone', 'dossierCompiled'])
  })

  it('says nothing of what was sent, and nothing new of what was over by the old table', async () => {
    urgent()
    const { id } = compileAll()
    await desk.compiling.send(id, { revision: 1 }, OPERATOR)
    urgent({ title: 'Sập cống' })
    const late = compileAll()
    goTo('2026-03-04T17:01:00+07:00')
    dayOff('2026-03-03')
    expect(movedOf(desk.compiling.view(id, CITY_OFFICE))).toEqual([[]])
    expect(desk.compiling.view(late.id, OPERATOR)).toMatchObject({ late: true, entries: [{ moved: [] }] })
    await expect(Promise.resolve().then(() => desk.compiling.recompile(id, 2, OPERATOR))).rejects.toThrow(
      problem('DOSSIER_STATE'),
    )
  })

  it('is undone to a list that is due by the calendar of today', () => {
    urgent()
    const { id } = compileAll()
    dayOff('2026-03-03')
    desk.compiling.undo(id, 1, OPERATOR)
    expect(waiting()).toMatchObject([{ dueAt: '2026-03-05T10:00:00.000Z' }])
  })

  it('is judged by the clock of now: after the old time and before the new one it is on time', async () => {
    const { code } = urgent()
    const { id } = compileAll()
    dayOff('2026-03-03')
    goTo('2026-03-05T17:00:00+07:00')
    expect(desk.compiling.history({}, SUPERVISOR).items).toMatchObject([
      { late: false, dueAt: '2026-03-05T10:00:00.000Z' },
    ])
    await expect(desk.compiling.send(id, { revision: 1 }, OPERATOR)).rejects.toThrow(
      expect.objectContaining({
        kind: 'conflict',
        code: 'DOSSIER_MOVED',
        subject: `${code} (17:00 05/03/2026)`,
      }) as Error,
    )
    expect(desk.compiling.view(id, OPERATOR)).toMatchObject({ state: 'listed', files: [] })
    const sent = await desk.compiling.send(id, { revision: 1, confirmMoved: true }, OPERATOR)
    expect(sent).toMatchObject({
      late: false,
      dueAt: '2026-03-05T10:00:00.000Z',
      entries: [{ late: false, dueAt: '2026-03-04T10:00:00.000Z', moved: [] }],
    })
    expect(desk.tickets.view(code, SUPERVISOR).events.at(-1)?.detail).toMatchObject({ late: 'false' })
  })

  it('is late once the two days are over by a table in which they end sooner, whatever its papers say', async () => {
    dayOff('2026-03-03')
    urgent()
    const { id } = compileAll()
    desk.calendarBook.save(
      'city',
      { base: desk.calendarBook.revision('city').number, table: TABLE, reason: 'Bãi bỏ' },
      ADMIN,
    )
    goTo('2026-03-04T17:00:01+07:00')
    expect(desk.compiling.view(id, OPERATOR)).toMatchObject({ late: true, entries: [{ late: true }] })
    const sent = await desk.compiling.send(id, { revision: 1, confirmMoved: true }, OPERATOR)
    expect(sent).toMatchObject({ late: true, entries: [{ late: true, dueAt: '2026-03-05T10:00:00.000Z' }] })
  })

  it('is overdue on the list by that clock, when its compiling is undone after the old time', () => {
    urgent()
    const { id } = compileAll()
    dayOff('2026-03-03')
    goTo('2026-03-05T09:00:00+07:00')
    desk.compiling.undo(id, 1, OPERATOR)
    expect(desk.dossiers.page({ show: 'overdue' }, SUPERVISOR).total).toBe(0)
  })

  it('is not sent unasked when the calendar changes while it is drawn', async () => {
    urgent()
    const { id } = compileAll()
    const sending = desk.compiling.send(id, { revision: 1 }, OPERATOR)
    dayOff('2026-03-03')
    await expect(sending).rejects.toThrow(problem('DOSSIER_MOVED'))
    expect(desk.compiling.view(id, OPERATOR)).toMatchObject({ state: 'listed', files: [] })
  })
})
