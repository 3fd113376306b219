import { toPaperTime } from '../platform/clock.ts'
import { type Channel, KINDS_ON_PAPER } from './contract.ts'
import { type SlipPaper } from './slip-paper.ts'

/** The slip is an administrative paper: Vietnamese whatever language its reader's console speaks. */
export const SLIP_TITLE = 'PHIẾU CHUYỂN PHẢN ÁNH, KIẾN NGHỊ'

const CHANNELS: Readonly<Record<Channel, string>> = {
  phone: 'Điện thoại',
  web: 'Trang web',
  email: 'Thư điện tử',
  facebook: 'Facebook',
  counter: 'Trực tiếp',
}

const LEVELS: Readonly<Record<SlipPaper['level'], string>> = {
  officer: 'Cán bộ đầu mối',
  head: 'Thủ trưởng đơn vị',
  coHandler: 'Đơn vị phối hợp',
}

export type SlipRow = readonly [label: string, value: string]

/** Everything the paper says, in reading order. `signedIn`: with the parts that identify a person (Đ12.2). */
export function slipRows(paper: SlipPaper, signedIn: boolean): SlipRow[] {
  const area = [paper.place, paper.area ?? ''].filter((part) => part !== '').join(', ')
  const rows: SlipRow[] = [
    ['Số phiếu', `${paper.number} (lần ${String(paper.version)})`],
    ['Mã phản ánh', paper.ticketCode],
    ['Tiếp nhận', `${toPaperTime(paper.receivedAt)} · ${CHANNELS[paper.channel]}`],
    ['Loại', paper.kind === null ? '' : KINDS_ON_PAPER[paper.kind]],
    ['Lĩnh vực', [paper.category ?? '', paper.field ?? ''].filter((part) => part !== '').join(' – ')],
    ['Việc', paper.title],
    ['Nội dung', paper.content],
    ['Địa điểm', area],
  ]
  if (signedIn) {
    rows.push(
      ['Người phản ánh', reporterText(paper)],
      [paper.directive === undefined ? 'Xác minh ban đầu' : 'Nội dung chỉ đạo', paper.note],
      ['Tệp đính kèm', paper.attachments.join(', ')],
    )
  }
  rows.push(
    ['Đơn vị nhận', paper.unit.name],
    ['Cán bộ đầu mối', paper.unit.officers.map(({ name, position }) => `${name} (${position})`).join(', ')],
    ['Cấp xử lý', LEVELS[paper.level]],
    ['Đơn vị chủ trì', paper.leadUnit ?? ''],
    ['Chỉ đạo', directiveText(paper)],
    ['Căn cứ', paper.legalBasis],
    ['Gửi lúc', toPaperTime(paper.issuedAt)],
    ['Người chuyển', paper.operatorName],
  )
  return rows.filter(([, value]) => value !== '')
}

/** Said across a slip that holds no more; null for one that does. */
export function lapseSentence({ lapse }: SlipPaper): string | null {
  if (lapse === undefined) return null
  return lapse.by === null ? 'Không còn hiệu lực.' : `Không còn hiệu lực, xem phiếu số ${lapse.by}.`
}

/** "16:45 T6 06/03 (08 giờ làm việc kể từ khi nhận được)"; null for a unit that works beside the lead: its slip has no clock. */
export function dueSentence(paper: SlipPaper): string | null {
  if (paper.level === 'coHandler') return null
  if (paper.dueAt === null) return paper.dueText
  // What is named is counted from nothing.
  const since = paper.directive === undefined ? ' kể từ khi nhận được' : ''
  return `${paper.dueText} (${paper.dueWords}${since})`
}

/** "Lãnh đạo thành phố, văn bản số 9/TB ngày 02/03/2026". */
function directiveText({ directive }: SlipPaper): string {
  if (directive === undefined) return ''
  const { documentNo, documentDate } = directive
  const number = documentNo === undefined ? '' : ` số ${documentNo}`
  const day = documentDate === undefined ? '' : ` ngày ${documentDate.split('-').reverse().join('/')}`
  const document = number === '' && day === '' ? '' : `, văn bản${number}${day}`
  return `Lãnh đạo thành phố${document}`
}

function reporterText({ reporter, level }: SlipPaper): string {
  if (level === 'coHandler') return 'Đơn vị chủ trì liên hệ'
  if (reporter === null) return 'Bảo mật'
  const parts = [reporter.name, reporter.organisation, reporter.phone, reporter.email, reporter.address]
  return parts.filter((part) => part !== null && part !== '').join(', ')
}
