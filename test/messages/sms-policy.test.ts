import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, it } from 'vitest'
import {
  cutAtWord,
  cutMatter,
  cutPlace,
  foldSms,
  sizeSms,
  vietnamMobile,
} from '../../src/messages/sms-policy.ts'
import { renderSms } from '../../src/messages/template-policy.ts'

describe('counting parts', () => {
  it.each([
    ['a'.repeat(160), 'gsm7', 1],
    ['a'.repeat(161), 'gsm7', 2],
    ['a'.repeat(306), 'gsm7', 2],
    ['a'.repeat(307), 'gsm7', 3],
    ['['.repeat(80), 'gsm7', 1],
    ['['.repeat(81), 'gsm7', 2],
    ['đ'.repeat(70), 'ucs2', 1],
    ['đ'.repeat(71), 'ucs2', 2],
    ['1022HP: Phiếu HP26-004217, 12 Lạch Tray. Hạn 16h30 23/11. Xem hệ thống', 'ucs2', 1],
    ['', 'gsm7', 0],
  ] as const)('of %s', (text, encoding, segments) => {
    expect(sizeSms(text)).toMatchObject({ encoding, segments })
  })

  it('counts composed letters, however they were typed', () => {
    const text = 'Đường hỏng từ tối qua'
    expect(sizeSms(text.normalize('NFD'))).toEqual(sizeSms(text))
  })

  it('agrees with the carrier’s own calculator', () => {
    const alphabet = fc.constantFrom(...Array.from('abc XYZ 019 .,:/()[]{}~|^€@£đạưéèàÉñ'.normalize('NFC')))
    fc.assert(
      fc.property(fc.string({ unit: alphabet, minLength: 1, maxLength: 400 }), (text) => {
        const theirs = new SegmentedMessage(text)
        const ours = sizeSms(text)
        expect(ours.segments).toBe(theirs.segmentsCount)
        expect(ours.encoding).toBe(theirs.encodingName === 'GSM-7' ? 'gsm7' : 'ucs2')
      }),
    )
  })
})

describe('R048: a place that is cut', () => {
  it.each([
    ['Chieu sang, 12 Lach Tray, P. Gia Vien', 60, 'Chieu sang, 12 Lach Tray, P. Gia Vien'],
    ['Chieu sang, 12 Lach Tray, P. Gia Vien', 26, 'Chieu sang, 12 Lach Tray'],
    ['Chieu sang, 12 Lach Tray, P. Gia Vien', 20, 'Chieu sang, 12 Lach'],
    ['Chieu sang, 12 Lach Tray, P. Gia Vien', 15, '12 Lach Tray'],
    ['Chieu sang, 12 Lach Tray', 6, 'Chieu'],
    ['Sut lun mat duong', 9, 'Sut lun'],
  ])('%s, to %i', (matter, room, cut) => {
    expect(cutMatter(matter, room)).toBe(cut)
  })

  it('alone keeps its street, or goes', () => {
    expect(cutPlace('12 Lach Tray, P. Gia Vien', 16)).toBe('12 Lach Tray')
    expect(cutPlace('12 Lach Tray', 8)).toBe('12 Lach')
    expect(cutPlace('12 Lach Tray', 6)).toBe('')
  })

  it('in the SMS to a head names the street (Đ9.4)', () => {
    const link = 'www.1022.haiphong.gov.vn/p/Kx7Qd2mRKx7Qd2mR'
    const slots = { sender: '1022HP', code: 'HP26-004217', matter: 'Chiếu sáng, 12 Lạch Tray', link }
    const { text, segments } = renderSms('slipHead', { ...slots, due: '16h30 T2 30/11' })
    expect(text).toContain('(12 Lach')
    expect(segments).toBe(1)
  })
})

describe('folding', () => {
  it('leaves only what carriers here take', () => {
    expect(foldSms('Đường – “Lạch Tray” & chợ… 50%\u00a0[số #1]')).toBe(
      'Duong - "Lach Tray" va cho... 50 phan tram (so 1)',
    )
    expect(foldSms('tắc\r\nđường 🚧')).toBe('tac duong')
  })

  it('always ends in GSM-7 without signs that cost two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const folded = foldSms(text)
        expect(folded === '' || sizeSms(folded).encoding === 'gsm7').toBe(true)
        expect(folded).not.toMatch(/[[\]{}~|^€\\<@#%&\r\n]/)
        expect(foldSms(folded)).toBe(folded)
      }),
    )
  })

  it('cuts at a word’s end', () => {
    expect(cutAtWord('Den duong hong, 12 Lach Tray', 17)).toBe('Den duong hong')
    expect(cutAtWord('Den', 17)).toBe('Den')
    expect(cutAtWord('Nghiengngangngoengoeo', 5)).toBe('Nghie')
  })
})

describe('mobile numbers of Vietnam', () => {
  it.each([
    ['0912345678', '+84912345678'],
    ['+84 912 345 678', '+84912345678'],
    ['0084912345678', '+84912345678'],
    ['032.234.5678', '+84322345678'],
    ['0950 000 001', '+84950000001'],
    ['0225 3842 123', undefined],
    ['0313842123', undefined], // Hải Phòng's landline code until 2017; libphonenumber says mobile
    ['01621234567', undefined], // eleven digits, until 2018
    ['0512345678', undefined],
    ['113', undefined],
    ['+81312345678', undefined],
    ['', undefined],
    ['09123456789', undefined],
  ])('%s', (written, e164) => {
    expect(vietnamMobile(written)).toBe(e164)
  })
})

describe('the slip’s SMS', () => {
  const slots = {
    sender: '1022HP',
    code: 'HP26-004217',
    field: 'Chiếu sáng',
    subject: 'Đèn đường hỏng',
    place: '12 Lạch Tray, P. Gia Viên',
    due: '16h30 T2 23/11',
    link: '1022.haiphong.gov.vn/p/Kx7Qd2mR0001',
  }

  it('fits one part and says all of it', () => {
    const sms = renderSms('slipOfficer', slots)
    expect(sms.text).toBe(
      '1022HP: Phieu chuyen HP26-004217 (Chieu sang). Den duong hong, 12 Lach Tray, P. Gia Vien. Han tra loi 16h30 T2 23/11. Xu ly: 1022.haiphong.gov.vn/p/Kx7Qd2mR0001',
    )
    expect(sms.segments).toBe(1)
    expect(sms.textVi).toContain('Đèn đường hỏng, 12 Lạch Tray')
  })

  it('leaves out what is empty without stray signs', () => {
    expect(renderSms('slipOfficer', { ...slots, field: '', place: '' }).text).toContain(
      'HP26-004217. Den duong hong. Han',
    )
    expect(renderSms('slipOfficer', { ...slots, subject: '', place: '', field: '' }).text).toContain(
      'HP26-004217. Han tra loi',
    )
  })

  it('never cuts code, time or link, whatever the citizen wrote', () => {
    const wild = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(wild, wild, wild, (field, subject, place) => {
        const sms = renderSms('slipOfficer', { ...slots, field, subject, place })
        expect(sms.segments).toBe(1)
        expect(sizeSms(sms.text)).toMatchObject({ encoding: 'gsm7', segments: 1 })
        for (const whole of [slots.code, slots.due, slots.link]) expect(sms.text).toContain(whole)
      }),
    )
  })

  it('takes a second part rather than lose the link', () => {
    const link = `${'dia-chi-rat-dai.'.repeat(5)}vn/p/Kx7Qd2mR0001`.slice(-88)
    const sms = renderSms('slipOfficer', { ...slots, link })
    expect(sms.text.endsWith(link)).toBe(true)
    expect(sms.segments).toBeLessThanOrEqual(2)
  })

  it('is not made without its code', () => {
    expect(() => renderSms('slipOfficer', { ...slots, code: '' })).toThrow(RangeError)
  })
})

describe('an urgent word', () => {
  const slots = {
    sender: '1022HP',
    code: 'HP26-004220',
    subject: 'Sập cống thoát nước',
    place: 'trước 45 Trần Phú',
    time: '09h12',
    link: '1022.haiphong.gov.vn/p/Zt3Lw9aB0001',
  }

  it.each([
    [
      'urgentOfficer',
      '1022HP KHAN: HP26-004220 Sap cong thoat nuoc, truoc 45 Tran Phu. Dang noi cuoc goi luc 09h12. Xem: 1022.haiphong.gov.vn/p/Zt3Lw9aB0001',
    ],
    [
      'urgentHead',
      '1022HP KHAN: HP26-004220 Sap cong thoat nuoc, truoc 45 Tran Phu. Goi don vi 09h12 khong ai nhan. De nghi Thu truong xu ly: 1022.haiphong.gov.vn/p/Zt3Lw9aB0001',
    ],
  ] as const)('%s fits one part', (template, text) => {
    const sms = renderSms(template, slots)
    expect(sms).toMatchObject({ text, segments: 1 })
    expect(sms.textVi).toContain('Sập cống thoát nước, trước 45 Trần Phú')
  })

  it.each(['urgentOfficer', 'urgentHead'] as const)('%s never cuts code, time or link', (template) => {
    const wild = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(wild, wild, (subject, place) => {
        const sms = renderSms(template, { ...slots, subject, place })
        expect(sizeSms(sms.text)).toMatchObject({ encoding: 'gsm7', segments: 1 })
        for (const whole of [slots.code, slots.time, slots.link]) expect(sms.text).toContain(whole)
      }),
    )
  })
})

describe('R063: full stops of what people wrote', () => {
  const result = (text: string) =>
    renderSms('result', { sender: '1022HP', code: 'HP26-004217', result: text, hotline: '0225.1022' }).text
  it.each([
    ['Đã thay bóng.', 'HP26-004217: Da thay bong. Hoi them'],
    ['Đã thay bóng', 'HP26-004217: Da thay bong. Hoi them'],
    ['Đã thay bóng. ', 'HP26-004217: Da thay bong. Hoi them'],
    ['Đã thay bóng;', 'HP26-004217: Da thay bong. Hoi them'],
    ['Đã thay bóng!', 'HP26-004217: Da thay bong! Hoi them'],
    ['Ông/Bà còn thấy tắt không?', 'tat khong? Hoi them'],
  ])('%s', (text, sent) => {
    expect(result(text)).toContain(sent)
    expect(result(text)).not.toMatch(/[.!?;]\./)
  })

  it('leave abbreviations and times alone', () => {
    const slots = {
      code: 'HP26-004217',
      field: '',
      subject: 'Đèn hỏng.',
      place: 'P. Gia Viên',
      due: '16h30 T2 23/11',
      link: '1022.vn/p/x',
    }
    expect(renderSms('slipOfficer', { sender: '1022HP', ...slots }).text).toBe(
      '1022HP: Phieu chuyen HP26-004217. Den hong, P. Gia Vien. Han tra loi 16h30 T2 23/11. Xu ly: 1022.vn/p/x',
    )
  })
})
