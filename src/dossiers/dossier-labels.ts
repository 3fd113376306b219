import { toPaperTime } from '../platform/clock.ts'
import { STATES_ON_PAPER } from '../tickets/contract.ts'
import type { DossierReason } from './contract.ts'
import type { AttemptOnPaper, CaseFactsOnPaper, CasePaper, DeadlineOnPaper } from './dossier-paper.ts'

/** A dossier is an administrative paper: Vietnamese whatever language its reader's console speaks. */
export const DOSSIER_TITLE = 'HỒ SƠ TỔNG HỢP GỬI VĂN PHÒNG ỦY BAN NHÂN DÂN THÀNH PHỐ'
export const LATE_WORDS = 'Gửi quá hạn 02 ngày làm việc'

const REASONS: Readonly<Record<DossierReason, string>> = {
  urgentTransfer: 'Vấn đề cấp bách, đã chuyển máy',
  urgent: 'Vấn đề cấp bách',
  result: 'Kết quả xử lý cần văn bản nhắc nhở, đôn đốc, giải trình',
}
const REPORTERS: Readonly<Record<CaseFactsOnPaper['reporter'], string>> = {
  individual: 'Cá nhân',
  organisation: 'Tổ chức',
  confidential: 'Bảo mật theo yêu cầu',
}
/** As the paper has it, which may be of a state that is none any more. */
const STATES: Readonly<Record<string, string>> = STATES_ON_PAPER
const OUTCOMES: Readonly<Record<string, string>> = {
  ringing: 'đang đổ chuông',
  asked: 'đã nhấc máy, chưa nhận',
  accepted: 'đã nhận cuộc gọi',
  noAnswer: 'không nghe máy',
  busy: 'máy bận',
  rejected: 'từ chối',
  notAccepted: 'nhấc máy nhưng không nhận',
  unreachable: 'không liên lạc được',
  skipped: 'bỏ qua',
  cancelled: 'thôi gọi',
}
/** Clocks that the regulation sets; those of our own are nobody's fault. */
const CLOCKS: Readonly<Record<string, string>> = {
  clarify: 'Hỏi bổ sung, 01 giờ làm việc (Đ8.3)',
  officer: 'Cán bộ đầu mối, 08 giờ làm việc (Đ9.3)',
  promise: 'Ngày đơn vị hẹn (Đ9.3)',
  head: 'Thủ trưởng, 48 giờ làm việc (Đ9.4)',
}

export interface PaperRow {
  readonly label: string
  readonly value: string
}

/** Everything the papers say of a case, in reading order; what is not known is left out. */
export function caseRows(paper: CasePaper): PaperRow[] {
  const { facts } = paper
  const rows: [string, string][] = [
    ['Mã phản ánh', paper.ticketCode],
    ['Lý do', joined([REASONS[paper.reason], paper.cause], ': ')],
    ['Tiếp nhận', facts.receivedAt === null ? toPaperTime(paper.startedAt) : toPaperTime(facts.receivedAt)],
    ['Hạn gửi hồ sơ', paper.dueText],
    ['Lĩnh vực', joined([facts.category, facts.field], ' – ')],
    ['Việc', facts.title],
    ['Nội dung', facts.content],
    ['Địa điểm', joined([facts.place, facts.area], ', ')],
    ['Người phản ánh', REPORTERS[facts.reporter]],
    ['Chuyển máy khẩn', attemptLines(paper.attempts)],
    ['Đơn vị xử lý', facts.unit ?? 'Chưa chuyển đơn vị'],
    ['Tình trạng', STATES[facts.state] ?? facts.state],
    ['Kết quả', facts.result === null ? 'Chưa có' : `${facts.result.text} (${toPaperTime(facts.result.at)})`],
    ['Thời hạn', deadlineLines(facts.deadlines)],
  ]
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }))
}

export function attemptLines(attempts: readonly AttemptOnPaper[]): string {
  return attempts
    .map(({ at, label, outcome }) => `${toPaperTime(at)} ${label}: ${OUTCOMES[outcome] ?? outcome}`)
    .join('\n')
}

/** One line per clock: kept, kept late, missed, or still running, each with its times. */
export function deadlineLines(deadlines: readonly DeadlineOnPaper[]): string {
  return deadlines
    .flatMap((clock) => {
      const name = CLOCKS[clock.kind]
      return name === undefined || clock.state === 'void' ? [] : [`${name}: ${clockWords(clock)}`]
    })
    .join('\n')
}

function clockWords({ state, dueAt, at, breachedAt }: DeadlineOnPaper): string {
  const due = dueAt === null ? 'chưa tính được hạn' : `hạn ${toPaperTime(dueAt)}`
  const done = at === null ? '' : toPaperTime(at)
  if (state === 'satisfied') return `${breachedAt === null ? 'đúng hạn' : 'TRỄ HẠN'}, ${due}, xong ${done}`
  if (breachedAt !== null) return `QUÁ HẠN, ${due}, chưa xong`
  return state === 'paused' ? `tạm dừng từ ${done}, ${due}` : `đang tính, ${due}`
}

function joined(parts: readonly (string | null)[], between: string): string {
  return parts.filter((part) => part !== null && part !== '').join(between)
}

/** The cover in the law's own words (Đ9.6), for whoever writes no other. */
export function usualCover(of: {
  readonly cases: readonly CasePaper[]
  readonly regulation: string
  readonly office: string
}): string {
  const results = of.cases.filter(({ reason }) => reason === 'result').length
  const urgent = of.cases.length - results
  const two = (value: number): string => String(value).padStart(2, '0')
  const kinds = [
    urgent === 0 ? '' : `${two(urgent)} vấn đề cấp bách cần xử lý gấp`,
    results === 0
      ? ''
      : `${two(results)} kết quả xử lý cần có văn bản nhắc nhở, đôn đốc, yêu cầu giải trình cụ thể về trách nhiệm`,
  ]
  return (
    `Thực hiện khoản 6 Điều 9 Quy chế ban hành kèm theo ${of.regulation}, Tổng đài 1022 tổng hợp ${joined(kinds, ' và ')} ` +
    `từ phản ánh, kiến nghị của tổ chức, cá nhân, gửi ${of.office} để tổng hợp, tham mưu, báo cáo Chủ tịch Ủy ban nhân dân ` +
    'thành phố có văn bản yêu cầu cụ thể.'
  )
}
