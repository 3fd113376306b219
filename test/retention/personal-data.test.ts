import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import type { Person } from '../../src/accounts/contract.ts'
import type { Sheet } from '../../src/platform/documents.ts'
import { createPersonalData, type PersonalData } from '../../src/retention/personal-data.ts'
import { keptOf } from '../../src/retention/personal-data-policy.ts'
import { createPersonalDataStore } from '../../src/retention/personal-data-store.ts'
import { CHIEF } from '../support/recording-rig.ts'
import { createRetentionRig, type RetentionRig } from '../support/retention-rig.ts'

const ADMIN: Person = { ...CHIEF, id: 9, username: 'admin', role: 'admin' }
const IDENTITY = 'Xem căn cước tại quầy, gọi lại đúng số'
const NUMBER = '+84950000777'

let rig: RetentionRig
let personal: PersonalData
let sheets: readonly Sheet[]
/** Cases that an admin does not read. */
let secret: Set<string>
beforeEach(() => {
  rig = createRetentionRig()
  secret = new Set()
  personal = createPersonalData({
    store: createPersonalDataStore(rig.db),
    retention: rig.retention,
    rules: rig.rules,
    mayReadCase: (code, { role }) => role === 'supervisor' || !secret.has(code),
    e164Of: (raw) => (raw.startsWith('0') ? `+84${raw.slice(1).replaceAll(' ', '')}` : null),
    print: async (document) => {
      sheets = document.kind === 'xlsx' ? document.sheets : []
      return Buffer.from('xlsx')
    },
    nameOf: (id) => `người ${String(id)}`,
    audit: (actorId, action, subject, detail) => void rig.audits.push({ actorId, action, subject, detail }),
    changed: () => undefined,
    transaction: rig.db.transaction.bind(rig.db),
    now: () => rig.state.now,
  })
})
afterEach(() => rig.close())

const ask = (kind: 'access' | 'erasure') =>
  personal.ask({ kind, number: '0950 000 777', identity: IDENTITY }, CHIEF)

describe('R068: what may be erased', () => {
  const free = { isPending: false, isAsked: false, blockers: [], isOfCase: true, isTimeOver: true } as const
  it.each([
    [{}, null],
    [{ isTimeOver: false }, 'caseRecord'],
    [{ isTimeOver: false, isOfCase: false }, null],
    [{ blockers: ['held', 'caseOpen'] }, 'held'],
    [{ isAsked: true }, 'pending'],
    [{ isPending: true, blockers: ['held'] }, 'notSettled'],
  ] as const)('%o: %o', (changes, why) => {
    expect(keptOf({ ...free, ...changes })).toBe(why)
  })
})

test('Law 91/2025, Article 4: what is held about a number is written out, and of others who used that phone nothing', async () => {
  await rig.record('1')
  await rig.record('2')
  rig.sql(
    "UPDATE tickets SET caller_e164 = ?, phone_e164 = ?, reporter_name = 'Phạm Văn Đại', content = 'Đèn tắt' WHERE code = 'HP26-000001'",
    NUMBER,
    NUMBER,
  )
  rig.sql(
    "UPDATE tickets SET caller_e164 = ?, phone_e164 = '+84950000111', reporter_name = 'Người Khác' WHERE code = 'HP26-000002'",
    NUMBER,
  )
  const asked = ask('access')
  expect(asked).toMatchObject({
    id: 1,
    numberEnd: '777',
    madeByName: 'người 3',
    counts: { cases: 2, calls: 2, recordings: 2 },
    asked: [],
    kept: [],
  })
  await personal.file(asked.id, ADMIN)
  expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['Phiếu', 3],
    ['Cuộc gọi', 3],
    ['Ghi âm', 3],
    ['Tin nhắn', 1],
  ])
  const text = JSON.stringify(sheets)
  expect(text).toContain('Phạm Văn Đại')
  expect(text).toContain('Đèn tắt')
  expect(text).not.toContain('Người Khác')
  expect(rig.audits.map(({ action, actorId }) => [action, actorId])).toEqual([
    ['personalData.accessAsked', CHIEF.id],
    ['personalData.downloaded', ADMIN.id],
  ])
  expect(JSON.stringify(rig.audits)).not.toContain('950000777')
})

test('Đ12.1: what is confidential is handed over by whoever may read it, and to nobody but who reported it', async () => {
  await rig.record('1')
  await rig.record('2')
  rig.sql(
    "UPDATE tickets SET caller_e164 = ?, phone_e164 = ?, confidential = 1, content = 'Đèn tắt' WHERE code = 'HP26-000001'",
    NUMBER,
    NUMBER,
  )
  rig.sql(
    "UPDATE tickets SET caller_e164 = ?, phone_e164 = '+84950000111', confidential = 1, content = 'Bị đe dọa' WHERE code = 'HP26-000002'",
    NUMBER,
  )
  secret.add('HP26-000001')
  const { id, counts } = ask('access')
  expect(counts).toEqual({ cases: 1, calls: 2, recordings: 2 })
  await expect(personal.file(id, ADMIN)).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'SUBJECT_CONFIDENTIAL',
  })
  await personal.file(id, CHIEF)
  const text = JSON.stringify(sheets)
  expect(text).toContain('Đèn tắt')
  expect(text).not.toContain('Bị đe dọa')
})

test('Law 91/2025, Article 14: one person takes the request, another lets go; what must stay is named with its article', async () => {
  const over = await rig.record('1')
  const held = await rig.record('2')
  rig.days(31)
  const young = await rig.record('3', 'closed')
  const open = await rig.record('4', 'assigned')
  rig.days(16)
  rig.retention.hold({ recordingId: held, reason: IDENTITY }, ADMIN)
  const asked = ask('erasure')
  expect(asked).toMatchObject({
    asked: [over],
    outcomes: [{ state: 'requested', count: 1 }],
    kept: [
      { why: 'held', recordingIds: [held] },
      { why: 'caseRecord', article: expect.stringContaining('Điều 10.1') as string, recordingIds: [young] },
      { why: 'caseOpen', article: expect.stringContaining('Điều 9') as string, recordingIds: [open] },
    ],
  })
  const [request] = (await rig.retention.view(ADMIN)).requests
  expect(request).toMatchObject({ cause: 'erasure', recording: { id: over }, actions: ['approve', 'refuse'] })
  expect(request?.reason).toContain('Điều 14, yêu cầu số 1')
  await rig.retention.approve(request?.id ?? 0, { revision: 1 }, ADMIN)
  expect(rig.row('1').state).toBe('deleted')
  expect(rig.caseNotes).toEqual([['1', 'erasure']])
  expect(rig.retention.causeOf(over)).toBe('erasure')
  expect(personal.newest()[0]?.outcomes).toEqual([{ state: 'approved', count: 1 }])
  expect(rig.findings()).toEqual([])
  // Asked again: what is gone is not spoken of any more.
  expect(ask('erasure')).toMatchObject({ id: 2, asked: [], kept: [{ why: 'held' }, {}, {}] })
  expect(personal.newest().map(({ id }) => id)).toEqual([2, 1])
})

test('is refused for what is no number, and where nothing is held', () => {
  const askFor = (number: string) => () => personal.ask({ kind: 'access', number, identity: IDENTITY }, CHIEF)
  expect(askFor('abc')).toThrow(expect.objectContaining({ code: 'NUMBER_INVALID' }))
  expect(askFor('0950 000 999')).toThrow(expect.objectContaining({ code: 'NOTHING_HELD' }))
})

test('a request for erasure has no file, and none is changed afterwards', async () => {
  await rig.record('1')
  const { id } = ask('erasure')
  await expect(personal.file(id, CHIEF)).rejects.toMatchObject({ code: 'SUBJECT_REQUEST_NOT_FOUND' })
  expect(() => {
    rig.sql("UPDATE subject_requests SET identity = 'x'")
  }).toThrow()
})

test('Law 91/2025, Article 4: the file is in words, in the city’s time, and has messages as they were sent', async () => {
  await rig.record('1')
  rig.sql(
    "UPDATE tickets SET phone_e164 = ?, kind = 'reflection', state = 'assigned', created_at = '2026-11-29T01:41:00.000Z'",
    NUMBER,
  )
  rig.sql(
    "UPDATE calls SET outcome = 'answered', notice_version = 'n-adf3a050', started_at = '2026-11-29T01:40:00.000Z'",
  )
  rig.sql(
    `INSERT INTO outbox (template, to_number, text, text_vi, segments, state, provider, ticket_code, created_at, updated_at)
      VALUES ('received', ?, 'Da tiep nhan HP26-000001', 'Đã tiếp nhận HP26-000001', 1, 'delivered', 'simulated', 'HP26-000001',
        '2026-11-29T01:42:00.000Z', '2026-11-29T01:42:00.000Z')`,
    NUMBER,
  )
  await personal.file(ask('access').id, CHIEF)
  const cells = Object.fromEntries(
    sheets.map(({ name, rows: [heads = [], row = []] }) => [
      name,
      Object.fromEntries(heads.map((head, at) => [head, row[at]])),
    ]),
  )
  expect(cells).toMatchObject({
    Phiếu: { 'Lập lúc': '08:41 29/11/2026', 'Trạng thái': 'Đã chuyển đơn vị', Loại: 'Phản ánh' },
    'Cuộc gọi': {
      'Cuộc gọi số': '1',
      'Chiều gọi': 'Gọi đến',
      'Bắt đầu': '08:40 29/11/2026',
      'Kết quả': 'Đã nghe máy',
      'Thông báo ghi âm': 'Đã phát',
    },
    'Ghi âm': { 'Cuộc gọi số': '1', Loại: 'Cuộc gọi', 'Tình trạng': 'Đã lưu', 'Độ dài (phút:giây)': '0:01' },
    'Tin nhắn': {
      'Tình trạng': 'Đã đến máy',
      'Lập lúc': '08:42 29/11/2026',
      'Nội dung tin nhắn': 'Da tiep nhan HP26-000001',
    },
  })
  const text = JSON.stringify(sheets)
  for (const code of ['assigned', 'reflection', 'answered', 'stored', 'delivered', 'n-adf3a050', '.000Z'])
    expect(text).not.toContain(code)
})
