import type { CallOutcome } from '../calls/contract.ts'
import type { SmsState } from '../messages/contract.ts'
import { toLength, toPaperTime } from '../platform/clock.ts'
import type { Sheet } from '../platform/documents.ts'
import type { RecordingKind, RecordingView } from '../recordings/contract.ts'
import { KINDS_ON_PAPER, STATES_ON_PAPER } from '../tickets/contract.ts'
import type { Held, HeldData } from './personal-data-store.ts'

/* What a citizen is handed of what is held about them (Law 91/2025/QH15, Article 4): to be read by somebody who knows nothing of the system. */

const DIRECTIONS = { in: 'Gọi đến', out: 'Gọi đi' } as const
const OUTCOMES: Readonly<Record<CallOutcome, string>> = {
  answered: 'Đã nghe máy',
  abandoned: 'Gác máy khi chờ',
  callback: 'Nhờ gọi lại',
  voicemail: 'Để lời nhắn',
  noAnswer: 'Không nghe máy',
}
const RECORDING_KINDS: Readonly<Record<RecordingKind, string>> = {
  call: 'Cuộc gọi',
  voicemail: 'Lời nhắn',
  consult: 'Trao đổi với đơn vị',
}
const RECORDING_STATES: Readonly<Record<RecordingView['state'], string>> = {
  pending: 'Đang thu về',
  stored: 'Đã lưu',
  missing: 'Không có bản ghi',
  damaged: 'Bị hỏng',
  deleted: 'Đã xóa',
}
const SMS_STATES: Readonly<Record<SmsState, string>> = {
  pending: 'Chờ gửi',
  sending: 'Đang gửi',
  sent: 'Đã gửi',
  delivered: 'Đã đến máy',
  failed: 'Gửi hỏng',
  refused: 'Không gửi được',
  unknown: 'Chưa rõ kết quả',
  dropped: 'Không gửi, nội dung đã cũ',
}

/** A column: its head, and what stands under it. `index` counts rows from 0. */
type Column = readonly [head: string, cell: (row: Held, index: number) => string]

const plain = (name: string) => (row: Held) => String(row[name] ?? '')
const time = (name: string) => (row: Held) => (row[name] == null ? '' : toPaperTime(String(row[name])))
/** A code that no word is known for is shown as it is: better odd than left out. */
const word = (name: string, words: Readonly<Record<string, string>>) => (row: Held) => {
  const code = String(row[name] ?? '')
  return words[code] ?? code
}
const ordinal = (_: Held, index: number): string => String(index + 1)

const CASES: readonly Column[] = [
  ['Mã phiếu', plain('code')],
  ['Lập lúc', time('createdAt')],
  ['Trạng thái', word('state', STATES_ON_PAPER)],
  ['Loại', word('kind', KINDS_ON_PAPER)],
  ['Tiêu đề', plain('title')],
  ['Nội dung', plain('content')],
  ['Địa điểm', plain('place')],
  ['Trả lời', plain('answer')],
  ['Họ tên', plain('name')],
  ['Số điện thoại', plain('phone')],
  ['Thư điện tử', plain('email')],
  ['Địa chỉ', plain('address')],
]
const CALLS: readonly Column[] = [
  ['Cuộc gọi số', ordinal],
  ['Chiều gọi', word('direction', DIRECTIONS)],
  ['Bắt đầu', time('startedAt')],
  ['Kết thúc', time('endedAt')],
  ['Kết quả', word('outcome', OUTCOMES)],
  ['Số gọi', plain('number')],
  ['Tên hiển thị', plain('callerName')],
  ['Thông báo ghi âm', (row) => (row['notice'] == null ? 'Không phát' : 'Đã phát')],
  ['Mã phiếu', plain('ticketCode')],
]
const MESSAGES: readonly Column[] = [
  ['Tin nhắn số', ordinal],
  ['Lập lúc', time('createdAt')],
  ['Tình trạng', word('state', SMS_STATES)],
  ['Nội dung tin nhắn', plain('text')],
  ['Mã phiếu', plain('ticketCode')],
]

/** Of which call each is, by the number that the sheet of calls gives it: the PBX's own name of a call says nothing to anybody. */
function recordingColumns(calls: HeldData['calls']): readonly Column[] {
  const numbers = new Map(calls.map(({ id }, index) => [id, String(index + 1)]))
  return [
    ['Ghi âm số', plain('id')],
    ['Cuộc gọi số', ({ callId }) => numbers.get(callId ?? null) ?? ''],
    ['Loại', word('kind', RECORDING_KINDS)],
    ['Tình trạng', word('state', RECORDING_STATES)],
    ['Bắt đầu', time('startedAt')],
    ['Độ dài (phút:giây)', ({ durationMs }) => (durationMs == null ? '' : toLength(Number(durationMs)))],
    ['Mã kiểm SHA-256', plain('sha256')],
  ]
}

/** Sheets that the person reads, a list each, all in words and in the city's time. */
export function sheetsOf(held: HeldData): Sheet[] {
  return [
    sheetOf('Phiếu', held.cases, CASES),
    sheetOf('Cuộc gọi', held.calls, CALLS),
    sheetOf('Ghi âm', held.recordings, recordingColumns(held.calls)),
    sheetOf('Tin nhắn', held.messages, MESSAGES),
  ]
}

function sheetOf(name: string, rows: readonly Held[], columns: readonly Column[]): Sheet {
  if (rows.length === 0) return { name, widths: [30], headRows: 1, rows: [['Không có']] }
  return {
    name,
    widths: columns.map(() => 24),
    headRows: 1,
    rows: [
      columns.map(([head]) => head),
      ...rows.map((row, index) => columns.map(([, cell]) => cell(row, index))),
    ],
  }
}
