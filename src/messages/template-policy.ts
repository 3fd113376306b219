import { stripMarks } from '../platform/vietnamese-text.ts'
import { cutAtWord, cutMatter, cutPlace, foldSms, sizeSms } from './sms-policy.ts'

export const TEMPLATE_IDS = [
  'slipOfficer',
  'slipOfficerLong',
  'slipDirected',
  'slipHead',
  'slipCoHandler',
  'casesTakenOver',
  'reminder',
  'reminderDue',
  'reminderLate',
  'reminderUndated',
  'dueMoved',
  'dueMovedMany',
  'clockWentOn',
  'overdue',
  'overdueTakenOver',
  'overdueReport',
  'directedHead',
  'directiveMissed',
  'directiveWithdrawn',
  'urgentOfficer',
  'urgentHead',
  'rejected',
  'question',
  'promised',
  'promiseAsked',
  'answerLater',
  'result',
  'received',
  'forwarded',
  'forwardedUndated',
  'merged',
  'unitDigest',
] as const
export type TemplateId = (typeof TEMPLATE_IDS)[number]

interface Slot {
  /** Characters at most, after folding. */
  readonly maxLength: number
  /** Codes, times and links are never cut: half of one is worse than none. */
  readonly whole: boolean
  /** Put around a value that is not empty. */
  readonly before?: string
  readonly after?: string
  /** How it is shortened; at a word's end where nothing is said. */
  readonly cut?: (value: string, maxLength: number) => string
}

export interface Template {
  /** Wording as registered with the carrier, with marks; `{slot}` marks the slots. */
  readonly text: string
  readonly slots: Readonly<Record<string, Slot>>
  /** Parts it should fit in. */
  readonly segments: number
  /** Slots given up first come first. */
  readonly cutOrder: readonly string[]
}

const SENDER: Slot = { maxLength: 11, whole: true }
const CODE: Slot = { maxLength: 16, whole: true }
const SUBJECT: Slot = { maxLength: 60, whole: false }
const PLACE: Slot = { maxLength: 60, whole: false, before: ', ', cut: cutPlace }
const LINK: Slot = { maxLength: 90, whole: true }
const DUE: Slot = { maxLength: 20, whole: true }
/** Field and place. */
const MATTER: Slot = { maxLength: 60, whole: false, before: ' (', after: ')', cut: cutMatter }
const SENTENCE: Slot = { maxLength: 160, whole: false }
const HOTLINE: Slot = { maxLength: 16, whole: true }
const COUNT: Slot = { maxLength: 7, whole: true }
/** "02". */
const LEFT: Slot = { maxLength: 2, whole: true }
/** "09h12". */
const TIME: Slot = { maxLength: 5, whole: true }

/** Carriers here send registered templates only (regulation.md 6.1), so the catalogue is fixed. */
export const TEMPLATES: Readonly<Record<TemplateId, Template>> = {
  // S1 of regulation.md 6.3
  slipOfficer: {
    text: '{sender}: Phiếu chuyển {code}{field}. {subject}{place}. Hạn trả lời {due}. Xử lý: {link}',
    slots: {
      sender: SENDER,
      code: CODE,
      field: { maxLength: 24, whole: false, before: ' (', after: ')' },
      subject: SUBJECT,
      place: PLACE,
      due: { maxLength: 20, whole: true },
      link: LINK,
    },
    segments: 1,
    cutOrder: ['subject', 'place', 'field'],
  },
  // S1b: for a city whose carrier lets a slip be two parts long; who reported it is never in an SMS (Đ12.2)
  slipOfficerLong: {
    text: '{sender}: Phiếu chuyển {code}{field}. Nội dung: {subject}. Địa điểm{place}. Người phản ánh: xem trên hệ thống. Hạn trả lời dân: {due}. Xử lý: {link}',
    slots: {
      sender: SENDER,
      code: CODE,
      field: { maxLength: 24, whole: false, before: '. Lĩnh vực: ' },
      subject: { maxLength: 120, whole: false },
      place: { maxLength: 80, whole: false, before: ': ', cut: cutPlace },
      due: DUE,
      link: LINK,
    },
    segments: 2,
    cutOrder: ['subject', 'place', 'field'],
  },
  // To officers and head of the unit that a directive names (Đ9.5); the regulation's list of texts has none for it
  slipDirected: {
    text: '{sender}: CHỈ ĐẠO của Lãnh đạo TP{document}, phiếu {code}: {directive}. {subject}{place}. Hạn trả lời {due}. Xử lý: {link}',
    slots: {
      sender: SENDER,
      document: { maxLength: 30, whole: false, before: ', văn bản ' },
      code: CODE,
      directive: { maxLength: 100, whole: false },
      subject: SUBJECT,
      place: PLACE,
      due: DUE,
      link: LINK,
    },
    segments: 2,
    cutOrder: ['subject', 'place', 'directive', 'document'],
  },
  // S3: the officer's time is over, or the day they named (Đ9.4)
  slipHead: {
    text: '{sender}: Phiếu {code}{matter} quá hạn, chưa trả lời dân. Đề nghị Thủ trưởng giải quyết trước {due}. {link}',
    slots: { sender: SENDER, code: CODE, matter: MATTER, due: DUE, link: LINK },
    segments: 1,
    cutOrder: ['matter'],
  },
  // To a unit that works on it beside the one that leads (Đ9.5a); it has no clock, so no time either
  slipCoHandler: {
    text: '{sender}: Đề nghị phối hợp phiếu {code}. {subject}{place}. Chủ trì: {unit}. Xem: {link}',
    slots: {
      sender: SENDER,
      code: CODE,
      subject: SUBJECT,
      place: PLACE,
      unit: { maxLength: 20, whole: true },
      link: LINK,
    },
    segments: 1,
    cutOrder: ['subject', 'place'],
  },
  // To whoever comes in by a change of officers (Đ17.9): what the unit has open on that day
  casesTakenOver: {
    text: '{sender}: Từ nay Ông/Bà {duty} {unit}: {count} phiếu chưa xong{late}. Đăng nhập: {link}',
    slots: {
      sender: SENDER,
      duty: { maxLength: 18, whole: true },
      unit: { maxLength: 20, whole: true },
      count: COUNT,
      late: { maxLength: 7, whole: false, before: ', trong đó ', after: ' QUÁ HẠN' },
      link: LINK,
    },
    segments: 1,
    cutOrder: ['late'],
  },
  // S2 (Đ13.2)
  reminder: {
    text: '{sender}: Còn {left} giờ làm việc đến hạn phiếu {code}{matter}. Hạn {due}. {link}',
    slots: { sender: SENDER, code: CODE, matter: MATTER, left: LEFT, due: DUE, link: LINK },
    segments: 1,
    cutOrder: ['matter'],
  },
  // Before an end that somebody named outside of working hours: none of them is left
  reminderDue: {
    text: '{sender}: Nhắc phiếu {code}{matter} chưa trả lời dân. Hạn {due}. {link}',
    slots: { sender: SENDER, code: CODE, matter: MATTER, due: DUE, link: LINK },
    segments: 1,
    cutOrder: ['matter'],
  },
  // By hand, of an overdue case (Đ9.4 ¶2): no clock runs any more
  reminderLate: {
    text: '{sender}: Phiếu {code}{matter} QUÁ HẠN từ {due}. Đề nghị trả lời dân ngay: {link}',
    slots: { sender: SENDER, code: CODE, matter: MATTER, due: DUE, link: LINK },
    segments: 1,
    cutOrder: ['matter'],
  },
  // By hand, of a clock whose end lies in a year that has no calendar yet: the hours of Đ9.3 or Đ9.4, and no date
  reminderUndated: {
    text: '{sender}: Nhắc phiếu {code}{matter} chưa trả lời dân, chưa có ngày hạn{words}. {link}',
    slots: {
      sender: SENDER,
      code: CODE,
      matter: MATTER,
      words: { maxLength: 20, whole: false, before: ' (', after: ')' },
      link: LINK,
    },
    segments: 1,
    cutOrder: ['matter', 'words'],
  },
  // A new calendar ends the clock at another time than an earlier message named (A19)
  dueMoved: {
    text: '{sender}: Hạn phiếu {code}{matter} nay là {due}, do lịch làm việc thay đổi. {link}',
    slots: { sender: SENDER, code: CODE, matter: MATTER, due: DUE, link: LINK },
    segments: 1,
    cutOrder: ['matter'],
  },
  // The same of several cases: it names none, so that it stays true until it is read
  dueMovedMany: {
    text: '{sender}: Hạn của {count} phiếu đã đổi, do lịch làm việc thay đổi. Xem hạn mới: {link}',
    slots: { sender: SENDER, count: COUNT, link: LINK },
    segments: 1,
    cutOrder: [],
  },
  // The citizen was asked, or an answer went back: what was left goes on, and ends later than an earlier message named (A9)
  clockWentOn: {
    text: '{sender}: Phiếu {code}{matter} tính giờ tiếp, hạn nay là {due}. {link}',
    slots: { sender: SENDER, code: CODE, matter: MATTER, due: DUE, link: LINK },
    segments: 1,
    cutOrder: ['matter'],
  },
  // S4: to the head, and to the City Office that reports it (Đ9.4)
  overdue: {
    text: '{sender}: Phiếu {code} của {unit} QUÁ HẠN 48 giờ (hạn {due}). Báo cáo VP UBND TP. {link}',
    slots: { sender: SENDER, code: CODE, unit: { maxLength: 20, whole: true }, due: DUE, link: LINK },
    segments: 1,
    cutOrder: [],
  },
  // To head and officers of a unit that took over from one that ended (Đ9.4): no clock runs any more, so nothing else would tell them
  overdueTakenOver: {
    text: '{sender}: {unit} nhận phiếu QUÁ HẠN {code}{matter}, hạn cũ {due}. Đề nghị trả lời dân ngay: {link}',
    slots: {
      sender: SENDER,
      unit: { maxLength: 20, whole: true },
      code: CODE,
      matter: MATTER,
      due: DUE,
      link: LINK,
    },
    segments: 1,
    cutOrder: ['matter'],
  },
  // Each working morning, to the City Office (Đ9.4)
  overdueReport: {
    text: '{sender}: {count} phiếu QUÁ HẠN chờ xử lý, lâu nhất {code} của {unit}. Đề nghị báo cáo Lãnh đạo TP. {link}',
    slots: {
      sender: SENDER,
      count: { maxLength: 6, whole: true },
      code: CODE,
      unit: { maxLength: 20, whole: true },
      link: LINK,
    },
    segments: 1,
    cutOrder: [],
  },
  // What the city's leaders say of an overdue case (Đ9.4)
  directedHead: {
    text: '{sender}: Lãnh đạo TP chỉ đạo phiếu QUÁ HẠN {code}{matter}{document}. Đề nghị Thủ trưởng trả lời ngay: {link}',
    slots: {
      sender: SENDER,
      code: CODE,
      matter: MATTER,
      document: { maxLength: 30, whole: false, before: ', văn bản ' },
      link: LINK,
    },
    segments: 1,
    cutOrder: ['matter', 'document'],
  },
  // To the City Office: what it directed was not answered by the time it named (Đ9.5)
  directiveMissed: {
    text: '{sender}: Phiếu {code}: {unit} QUÁ HẠN chỉ đạo của Lãnh đạo TP (hạn {due}). Đã chuyển Thủ trưởng. {link}',
    slots: { sender: SENDER, code: CODE, unit: { maxLength: 20, whole: true }, due: DUE, link: LINK },
    segments: 1,
    cutOrder: [],
  },
  // To the City Office: whoever reported what it directed has withdrawn it, which is theirs to do (row 23)
  directiveWithdrawn: {
    text: '{sender}: Công dân RÚT phản ánh {code}, đã giao {unit} theo chỉ đạo của Lãnh đạo TP. {link}',
    slots: { sender: SENDER, code: CODE, unit: { maxLength: 20, whole: true }, link: LINK },
    segments: 1,
    cutOrder: [],
  },
  // C4 (Đ8.2)
  rejected: {
    text: '{sender}: Phản ánh {code} không thuộc phạm vi tiếp nhận: {reason}. Đề nghị liên hệ: {redirect}',
    slots: { sender: SENDER, code: CODE, reason: SENTENCE, redirect: SENTENCE },
    segments: 2,
    cutOrder: ['reason', 'redirect'],
  },
  // C3 (Đ8.3, Đ18.1)
  question: {
    text: '{sender}: Phản ánh {code} cần bổ sung: {question}. Xin gọi {hotline}',
    slots: { sender: SENDER, code: CODE, question: SENTENCE, hotline: HOTLINE },
    segments: 2,
    cutOrder: ['question'],
  },
  // S5 (Đ9.3)
  promised: {
    text: '{sender}: Đơn vị đang xác minh phản ánh {code}, dự kiến trả lời {due}. Hỏi thêm: {hotline}',
    slots: { sender: SENDER, code: CODE, due: DUE, hotline: HOTLINE },
    segments: 1,
    cutOrder: [],
  },
  // A day beyond the head's own hours waits for the head's word (Đ9.3)
  promiseAsked: {
    text: '{sender}: Phiếu {code}{matter}: cán bộ xin hẹn trả lời {due}. Đề nghị Thủ trưởng duyệt: {link}',
    slots: { sender: SENDER, code: CODE, matter: MATTER, due: DUE, link: LINK },
    segments: 1,
    cutOrder: ['matter'],
  },
  // Later than C2 or S5 said (Đ4.3): 6.3 has no text for it, and a citizen waits in vain for the time that they know
  answerLater: {
    text: '{sender}: Phản ánh {code} dự kiến trả lời {due}, muộn hơn đã báo. Mong Ông/Bà thông cảm. Hỏi thêm: {hotline}',
    slots: { sender: SENDER, code: CODE, due: DUE, hotline: HOTLINE },
    segments: 1,
    cutOrder: [],
  },
  // C5 (Đ11.1)
  result: {
    text: '{sender}: Kết quả phản ánh {code}: {result}. Hỏi thêm: {hotline}. Trân trọng cảm ơn!',
    slots: { sender: SENDER, code: CODE, result: SENTENCE, hotline: HOTLINE },
    segments: 2,
    cutOrder: ['result'],
  },
  // C1: written down, and not answered in the same call (Đ8.1)
  received: {
    text: '{sender}: Đã tiếp nhận phản ánh {code}. Hỏi kết quả: gọi {hotline}, đọc mã này.',
    slots: { sender: SENDER, code: CODE, hotline: HOTLINE },
    segments: 1,
    cutOrder: [],
  },
  // C2: with whom it is now, and until when (Đ9.3)
  forwarded: {
    text: '{sender}: Phản ánh {code} đã chuyển {unit}, dự kiến trả lời {due}. Hỏi thêm: gọi {hotline}, đọc mã này.',
    slots: { sender: SENDER, code: CODE, unit: { maxLength: 20, whole: true }, due: DUE, hotline: HOTLINE },
    segments: 1,
    cutOrder: [],
  },
  // The same where the time that it named was over before it went out: no citizen reads of a time gone by
  forwardedUndated: {
    text: '{sender}: Phản ánh {code} đã chuyển {unit} xử lý. Hỏi kết quả: gọi {hotline}, đọc mã này.',
    slots: { sender: SENDER, code: CODE, unit: { maxLength: 20, whole: true }, hotline: HOTLINE },
    segments: 1,
    cutOrder: [],
  },
  // Reported by somebody else before: 6.3 has no text for it, and a citizen who hears nothing reports it again (Đ4.3)
  merged: {
    text: '{sender}: Phản ánh {code} được gộp với một phản ánh cùng nội dung. Ông/Bà sẽ nhận kết quả theo mã này. Hỏi thêm: {hotline}',
    slots: { sender: SENDER, code: CODE, hotline: HOTLINE },
    segments: 1,
    cutOrder: [],
  },
  // R1: to the leaders of a unit, each month and whenever somebody has it sent (Đ13.6)
  unitDigest: {
    text: '{sender}: {period} {unit}: nhận {received}, đúng hạn {onTime}{share}, quá hạn {late}; nay đang xử lý {openNow}{overdueNow}. Chi tiết: {link}',
    slots: {
      sender: SENDER,
      period: { maxLength: 21, whole: true },
      unit: { maxLength: 20, whole: true },
      received: COUNT,
      onTime: COUNT,
      share: { maxLength: 3, whole: false, before: ' (', after: ' phần trăm)' },
      late: COUNT,
      openNow: COUNT,
      overdueNow: { maxLength: 5, whole: false, before: ' (', after: ' quá hạn)' },
      link: LINK,
    },
    segments: 1,
    cutOrder: ['share', 'overdueNow'],
  },
  // U1: the unit's phone is about to ring (Đ9.1)
  urgentOfficer: {
    text: '{sender} KHẨN: {code} {subject}{place}. Đang nối cuộc gọi lúc {time}. Xem: {link}',
    slots: { sender: SENDER, code: CODE, subject: SUBJECT, place: PLACE, time: TIME, link: LINK },
    segments: 1,
    cutOrder: ['place', 'subject'],
  },
  // Nobody of the unit took the call: its head hears of it (Đ9.2)
  urgentHead: {
    text: '{sender} KHẨN: {code} {subject}{place}. Gọi đơn vị {time} không ai nhận. Đề nghị Thủ trưởng xử lý: {link}',
    slots: { sender: SENDER, code: CODE, subject: SUBJECT, place: PLACE, time: TIME, link: LINK },
    segments: 1,
    cutOrder: ['place', 'subject'],
  },
}

export interface RenderedSms {
  /** What goes out, GSM-7. */
  readonly text: string
  /** The same with marks and uncut, for the ticket and the simulator's reader. */
  readonly textVi: string
  readonly segments: number
}

const SHORTEST_CUT = 8

/** Fills a template: folds, cuts slots at word ends until it fits its budget. Throws RangeError for a slot that must be whole and is not. */
export function renderSms(id: TemplateId, values: Readonly<Record<string, string>>): RenderedSms {
  const template = TEMPLATES[id]
  const folded: Record<string, string> = {}
  for (const [name, slot] of Object.entries(template.slots)) {
    const value = slot.whole ? (values[name] ?? '') : foldSms(values[name] ?? '')
    const plain = slot.whole ? foldSms(value) : value
    if (slot.whole && (plain === '' || plain.length > slot.maxLength))
      throw new RangeError(`slot ${name} of template ${id} is empty or too long`)
    folded[name] = (slot.cut ?? cutAtWord)(plain, slot.maxLength)
  }
  const text = shorten(template, folded)
  return {
    text,
    textVi: fill(template, values).normalize('NFC'),
    segments: sizeSms(text).segments,
  }
}

function shorten(template: Template, values: Record<string, string>): string {
  const bare = { ...template, text: stripMarks(template.text) }
  let text = foldSms(fill(bare, values))
  const fits = (): boolean => sizeSms(text).segments <= template.segments
  const cutTo = (name: string, value: string): void => {
    values[name] = value
    text = foldSms(fill(bare, values))
  }
  for (const name of template.cutOrder) {
    const whole = values[name] ?? ''
    const cut = template.slots[name]?.cut ?? cutAtWord
    for (let room = whole.length - 1; room >= SHORTEST_CUT && !fits(); room -= 1)
      cutTo(name, cut(whole, room))
  }
  // still too long: leave slots out; what remains is code, time and link, in as many parts as they need
  for (const name of template.cutOrder) if (!fits()) cutTo(name, '')
  return text
}

function fill(template: Template, values: Readonly<Record<string, string>>): string {
  return template.text
    .replace(/\{(\w+)\}(\.?)/g, (_, name: string, stop: string) => {
      const value = endedBy(stop, (values[name] ?? '').trim())
      const slot = template.slots[name]
      // A sentence that asks or calls ends with that sign alone.
      const after = slot?.after === undefined && /[!?]$/.test(value) ? '' : stop
      return value === '' ? stop : `${slot?.before ?? ''}${value}${slot?.after ?? ''}${after}`
    })
    .replace(/\. , /g, '. ')
    .replace(/[.;],/g, ',')
    .replace(/(\. )(?:\. )+/g, '$1')
}

/** What people write ends with a full stop more often than not: where the sentence around it has one, theirs goes. */
function endedBy(stop: string, value: string): string {
  return stop === '' || value.endsWith('...') ? value : value.replace(/[.;,\s]+$/, '')
}
