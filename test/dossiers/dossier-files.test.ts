import { describe, expect, it } from 'vitest'
import { createDossierPrinter, dossierDefinition, dossierSheets } from '../../src/dossiers/dossier-files.ts'
import { deadlineLines } from '../../src/dossiers/dossier-labels.ts'
import { contentHashOf, type DossierPaper } from '../../src/dossiers/dossier-paper.ts'
import { createDocumentPrinter } from '../../src/platform/documents.ts'
import { unzip } from '../support/zip.ts'

function aPaper(changes: Partial<DossierPaper> = {}, content = 'Cống sập, nước ngập sâu'): DossierPaper {
  return {
    number: 'HS26-000001',
    training: false,
    city: 'Thành phố Hải Phòng',
    hotline: '0225.1022',
    office: 'Văn phòng UBND thành phố',
    legalBasis: 'Điều 9 khoản 6, QĐ 587/QĐ-UBND',
    cover: 'Kính trình việc cấp bách',
    compiledAt: '2026-03-02T02:00:00.000Z',
    sentAt: '2026-03-02T03:00:00.000Z',
    sentByName: 'Trần Văn Đức',
    late: false,
    cases: [
      {
        ticketCode: 'HP26-000001',
        reason: 'urgentTransfer',
        cause: 'Điện lực',
        startedAt: '2026-03-02T01:00:00.000Z',
        dueAt: '2026-03-04T10:00:00.000Z',
        dueText: '17:00 T4 04/03',
        attempts: [{ label: 'Trực ban · Điện lực', at: '2026-03-02T01:01:00.000Z', outcome: 'busy' }],
        facts: {
          title: 'Sập cống',
          content,
          place: '45 Trần Phú',
          area: 'Phường Gia Viên',
          category: 'Hạ tầng',
          field: 'Thoát nước',
          receivedAt: '2026-03-02T01:00:00.000Z',
          reporter: 'confidential',
          state: 'overdue',
          unit: 'Sở Xây dựng',
          result: null,
          deadlines: [],
        },
      },
    ],
    ...changes,
  }
}

const print = createDossierPrinter(createDocumentPrinter())
const words = (value: unknown): string => JSON.stringify(value)

describe('the PDF (R058)', () => {
  it('says all of the case with its marks, and carries the hash', () => {
    const said = words(dossierDefinition(aPaper({ late: true }), 'abc123'))
    for (const part of [
      'Kính gửi: Văn phòng UBND thành phố',
      'Căn cứ: Điều 9 khoản 6, QĐ 587/QĐ-UBND.',
      'GỬI QUÁ HẠN 02 NGÀY LÀM VIỆC',
      'Vấn đề cấp bách, đã chuyển máy: Điện lực',
      '08:01 02/03/2026 Trực ban · Điện lực: máy bận',
      'Bảo mật theo yêu cầu',
      'Quá hạn (đang chờ xử lý)',
      'Gửi lúc 10:00 02/03/2026, người gửi: Trần Văn Đức',
      'abc123',
    ])
      expect(said).toContain(part)
    expect(said).not.toContain('BẢN NHÁP')
  })

  it('says that a draft is one, and that training is no reality', () => {
    const said = words(dossierDefinition(aPaper({ sentAt: null, training: true }), null))
    expect(said).toContain('BẢN NHÁP – CHƯA GỬI')
    expect(said).toContain('HỒ SƠ TẬP HUẤN')
  })

  it('is the same file each time the same dossier is drawn', async () => {
    const [once, twice] = [await print('pdf', aPaper(), 'abc'), await print('pdf', aPaper(), 'abc')]
    expect(once.subarray(0, 5).toString()).toBe('%PDF-')
    expect(once.equals(twice)).toBe(true)
    const draft = await print('pdf', aPaper({ sentAt: null }), null)
    expect(draft.subarray(0, 5).toString()).toBe('%PDF-')
  })
})

describe('the XLSX (R058)', () => {
  it('has a line per case with its marks, and the hash', async () => {
    const files = unzip(await print('xlsx', aPaper(), 'abc123'))
    const all = [...files.values()].join('\n')
    for (const part of ['HS26-000001', 'Cống sập, nước ngập sâu', 'Phường Gia Viên', 'abc123', 'máy bận'])
      expect(all).toContain(part)
    expect([...files.keys()].filter((name) => /worksheets\/sheet\d+\.xml$/.test(name))).toHaveLength(2)
  })

  it.each(['=HYPERLINK("http://x.invalid")', '+1+2', '-1+2', '@SUM(A1)', '\t=1+1', '\r=1+1'])(
    'keeps %j as text: a citizen’s words are never reckoned',
    async (content) => {
      const files = unzip(await print('xlsx', aPaper({ cover: content }, content), null))
      const sheets = [...files].filter(([name]) => name.includes('worksheets/'))
      expect(sheets.map(([, xml]) => xml).join('')).not.toMatch(/<f[ >]/)
      const kinds = sheets.flatMap(([, xml]) =>
        [...xml.matchAll(/<c [^>]*t="(\w+)"/g)].map(([, kind]) => kind),
      )
      expect(kinds.length).toBeGreaterThan(10)
      expect(kinds.filter((kind) => kind !== 's' && kind !== 'inlineStr')).toEqual([])
      expect([...files.values()].join('')).toContain(content.trim().replaceAll('"', '&quot;').slice(0, 4))
    },
  )

  it('opens whatever a caller’s programme put into the text, and however long it is', () => {
    const [, list] = dossierSheets(aPaper({}, `a\u0000\u0008b\uffff${'x'.repeat(40_000)}`), null)
    const cell = list?.rows[1]?.find((value) => value.startsWith('ab'))
    expect(cell).toHaveLength(32_767)
  })

  it('puts each label of every case into one column', () => {
    const [first] = aPaper().cases
    if (first === undefined) throw new Error('no case')
    const other = { ...first, attempts: [], facts: { ...first.facts, title: '', unit: null } }
    const [, list] = dossierSheets(aPaper({ cases: [other, first] }), null)
    const [head = [], a = [], b = []] = list?.rows ?? []
    const column = head.indexOf('Chuyển máy khẩn')
    expect([a[column], b[column]]).toEqual(['', '08:01 02/03/2026 Trực ban · Điện lực: máy bận'])
    expect(new Set([head.length, a.length, b.length]).size).toBe(1)
  })
})

describe('the words', () => {
  const clock = {
    kind: 'head',
    startedAt: '2026-03-02T01:00:00.000Z',
    dueAt: '2026-03-10T01:00:00.000Z',
    at: '2026-03-09T01:00:00.000Z',
    breachedAt: null,
  }
  it.each([
    [{ state: 'satisfied' }, 'đúng hạn, hạn 08:00 10/03/2026, xong 08:00 09/03/2026'],
    [{ state: 'satisfied', breachedAt: clock.dueAt }, 'TRỄ HẠN, hạn 08:00 10/03/2026, xong 08:00 09/03/2026'],
    [{ state: 'breached', breachedAt: clock.dueAt }, 'QUÁ HẠN, hạn 08:00 10/03/2026, chưa xong'],
    [{ state: 'paused' }, 'tạm dừng từ 08:00 09/03/2026, hạn 08:00 10/03/2026'],
    [{ state: 'running', at: null }, 'đang tính, hạn 08:00 10/03/2026'],
    [{ state: 'running', dueAt: null, at: null }, 'đang tính, chưa tính được hạn'],
  ] as const)('R058: of a deadline that is %j', (changes, said) => {
    expect(deadlineLines([{ ...clock, ...changes }])).toBe(`Thủ trưởng, 48 giờ làm việc (Đ9.4): ${said}`)
  })

  it('leave out clocks that were stopped, and our own', () => {
    expect(deadlineLines([{ ...clock, state: 'void' }])).toBe('')
    expect(deadlineLines([{ ...clock, kind: 'rating', state: 'running' }])).toBe('')
  })

  it('have one hash in whichever order their keys were kept', () => {
    const paper = aPaper()
    const turned = Object.fromEntries(Object.entries(paper).reverse()) as unknown as DossierPaper
    expect(contentHashOf(turned)).toBe(contentHashOf(paper))
    expect(contentHashOf(aPaper({ cover: 'Khác' }))).not.toBe(contentHashOf(paper))
  })
})
