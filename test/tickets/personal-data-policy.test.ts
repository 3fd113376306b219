import { describe, expect, it } from 'vitest'
import { coverContacts, createReporterCover } from '../../src/tickets/personal-data-policy.ts'

const REPORTER = {
  reporterName: 'Phạm Văn Đại',
  reporterOrganisation: 'Hợp tác xã Tân Lập',
  reporterPhone: '0950 000 777',
  reporterEmail: 'dai@example.vn',
  phoneE164: '+84950000777',
  callerE164: '+842250000888',
}
const cover = createReporterCover(REPORTER)

describe('R068: what would tell who reported (Đ12.1, Đ12.2)', () => {
  it.each([
    ['Ông Phạm Văn Đại báo đèn tắt', 'Ông ••• báo đèn tắt'],
    ['ong PHAM VAN DAI bao den tat', 'ong ••• bao den tat'],
    ['Phạm Văn Đại'.normalize('NFD'), '•••'],
    ['Phạm Văn Đại, lại Phạm Văn Đại', '•••, lại •••'],
    ['Hợp tác xã Tân Lập', '•••'],
    ['gọi 0950.000.777 hoặc +84 950 000 777', 'gọi ••• hoặc •••'],
    ['gọi từ (0225) 000 0888', 'gọi từ (•••'],
    ['thư đến DAI@example.vn', 'thư đến •••'],
  ])('is covered: %s', (said, covered) => {
    expect(cover.text(said)).toBe(covered)
  })

  it.each([
    'Phạm Văn Đại Nghĩa'.replace(' Nghĩa', 'x'),
    'Cột đèn số 12, ngõ 193 Lạch Tray',
    'trực ban 0225 000 0024',
    '2026-03-02T01:00:00.000Z',
    '1764332145.120950000',
  ])('and nothing else: %s', (said) => {
    expect(cover.text(said)).toBe(said)
  })

  it('covers a history line through and through', () => {
    expect(
      cover.value({
        form: { title: 'Phạm Văn Đại gọi', reporter: { name: 'Phạm Văn Đại' }, urgent: false },
        changes: { reporter: { from: { name: 'A' }, to: { name: 'B' } }, title: { from: '', to: 'x' } },
        labels: ['0950000777', 3, null],
      }),
    ).toEqual({
      form: { title: '••• gọi', reporter: null, urgent: false },
      changes: { reporter: null, title: { from: '', to: 'x' } },
      labels: ['•••', 3, null],
    })
  })

  it('covers every number and address in a free text, for readers who need none', () => {
    expect(coverContacts('gọi vợ 0912 345 678, thư a.b@c.vn')).toBe('gọi vợ •••, thư •••')
    expect(cover.freeText('Phạm Văn Đại, vợ 0912345678')).toBe('•••, vợ •••')
  })

  it('is nothing where nobody gave a name: not every text is covered then', () => {
    const nobody = createReporterCover({
      reporterName: '',
      reporterOrganisation: null,
      reporterPhone: '',
      reporterEmail: null,
      phoneE164: null,
      callerE164: null,
    })
    expect(nobody.text('Đèn tắt, 0950 000 777')).toBe('Đèn tắt, 0950 000 777')
    expect(nobody.isOwnNumber('')).toBe(false)
  })
})
