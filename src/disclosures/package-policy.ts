import type { TrackMark, TrackStretch } from '../recordings/contract.ts'
import { toLength, toPaperTime } from '../platform/clock.ts'

/** All that a package says in words, as the person who takes it may know it. Times are ISO 8601 UTC. */
export interface DisclosurePaper {
  readonly city: string
  readonly hotline: string
  readonly ticketCode: string
  readonly recording: {
    readonly id: number
    readonly kind: 'call' | 'voicemail' | 'consult'
    readonly startedAt: string
    readonly endedAt: string | null
    readonly durationMs: number
    readonly sizeBytes: number
    readonly sha256: string
    /** Where the sound is a copy for the archive; null where it is the original. */
    readonly originalSha256: string | null
    readonly sealedAt: string
    readonly training: boolean
  }
  readonly parties: {
    readonly citizenName: string | null
    readonly citizenPhone: string | null
    /** Masked unless it is the number the case shows. */
    readonly callingNumber: string
    readonly operatorName: string | null
  }
  readonly course: readonly TrackStretch[]
  /** Silence in place of what was said, by whom and why, and supervisors who spoke in the talk: nobody is to take either for a cut. */
  readonly marks: readonly TrackMark[]
  readonly disclosure: {
    readonly id: number
    readonly unitName: string
    readonly requesterName: string
    readonly requestedAt: string
    readonly reason: string
    readonly approvedByName: string
    readonly approvedAt: string
    readonly expiresAt: string
    readonly peopleNames: readonly string[]
  }
  /** Who took this copy away, and when: it is in every page, and signed. */
  readonly taken: { readonly by: string; readonly personId: number; readonly at: string }
}

const KINDS = {
  call: 'Cuộc gọi giữa người dân và tổng đài',
  voicemail: 'Lời nhắn của người dân',
  consult: 'Trao đổi giữa tổng đài và đơn vị',
} as const
const PHASES = {
  greeting: 'Nghe lời chào',
  queue: 'Chờ trong hàng',
  dialing: 'Tổng đài quay số',
} as const
const SOUNDS = {
  talk: '',
  music: ' nghe nhạc chờ',
  ringing: ' nghe đổ chuông',
  moving: ' chờ nối máy',
} as const

/** "Nhãn", "giá trị": what stands on the page. */
export function paperRows(paper: DisclosurePaper): [string, string][] {
  const { recording, parties, disclosure, taken } = paper
  return [
    ['Mã phiếu', paper.ticketCode],
    ['Bản ghi âm', `Số ${String(recording.id)}. ${KINDS[recording.kind]}`],
    ['Bắt đầu ghi', toPaperTime(recording.startedAt)],
    ...(recording.endedAt === null ? [] : [['Kết thúc', toPaperTime(recording.endedAt)] as [string, string]]),
    ['Thời lượng', toLength(recording.durationMs)],
    ['Người dân', parties.citizenName ?? 'Không nêu tên'],
    ['Số điện thoại trong phiếu', parties.citizenPhone ?? 'Không có'],
    ['Số gọi', parties.callingNumber === '' ? 'Không hiện số' : parties.callingNumber],
    ['Điện thoại viên', parties.operatorName ?? 'Không có'],
    ['Đơn vị đề nghị', disclosure.unitName],
    ['Người đề nghị', `${disclosure.requesterName}, ${toPaperTime(disclosure.requestedAt)}`],
    ['Lý do', disclosure.reason],
    ['Người duyệt', `${disclosure.approvedByName}, ${toPaperTime(disclosure.approvedAt)}`],
    ['Được nghe', disclosure.peopleNames.join(', ')],
    ['Đến', toPaperTime(disclosure.expiresAt)],
    ['Người tải bản này', `${taken.by}, ${toPaperTime(taken.at)}`],
    ['Niêm phong lúc', toPaperTime(recording.sealedAt)],
    ...(recording.originalSha256 === null
      ? [['SHA-256 của am-thanh.wav', recording.sha256] as [string, string]]
      : ([
          ['SHA-256 của am-thanh.opus', recording.sha256],
          ['SHA-256 của bản gốc WAV', recording.originalSha256],
        ] as [string, string][])),
  ]
}

/** "0:00–0:12", "Nghe lời chào": the course of the call. */
export function courseRows({ course }: Pick<DisclosurePaper, 'course'>): [string, string][] {
  return course.map((stretch) => [
    `${toLength(stretch.fromMs)}–${toLength(stretch.toMs)}`,
    stretch.phase === 'line' ? lineWords(stretch) : PHASES[stretch.phase],
  ])
}

const MASK_WORDS = {
  button: 'điện thoại viên bấm ngừng ghi âm',
  field: 'ngừng ghi âm khi nhập thông tin riêng tư vào phiếu',
} as const

/** "0:12–0:18", "Khoảng lặng: Nguyễn Thị Mai, điện thoại viên bấm ngừng ghi âm". */
export function markRows({ marks }: Pick<DisclosurePaper, 'marks'>): [string, string][] {
  return marks.map(({ kind, name, cause = 'button', fromMs, toMs }) => [
    `${toLength(fromMs)}–${toLength(toMs)}`,
    kind === 'masked'
      ? `Khoảng lặng: ${name ?? 'không rõ ai'}, ${MASK_WORDS[cause]}`
      : `Giám sát ${name ?? ''} cùng nói`,
  ])
}

function lineWords({ groups, operatorName, agencyName }: TrackStretch): string {
  const names = {
    citizen: 'Người dân',
    operator: operatorName ?? 'Điện thoại viên',
    agency: agencyName ?? 'Đơn vị',
  }
  return groups
    .map(({ members, sound }) => members.map((party) => names[party]).join(' và ') + SOUNDS[sound])
    .join('; ')
}

/** The page in Vietnamese, for reading and printing. */
export function paperDefinition(paper: DisclosurePaper): Record<string, unknown> {
  const mark = `${paper.taken.by} · ${toPaperTime(paper.taken.at)}`
  const rows = (body: [string, string][]) => ({
    layout: 'lightHorizontalLines',
    table: {
      widths: [130, '*'],
      body: body.map(([label, value]) => [{ text: label, bold: true }, { text: value.normalize('NFC') }]),
    },
  })
  return {
    pageMargins: [57, 57, 42, 57],
    info: { title: `Ghi âm ${paper.ticketCode}`, creationDate: new Date(paper.taken.at) },
    watermark: { text: mark, color: '#555555', opacity: 0.12, bold: true },
    content: [
      { text: paper.city.toUpperCase(), bold: true },
      { text: `Tổng đài ${paper.hotline}`, margin: [0, 0, 0, 14] },
      { text: 'THÔNG TIN BẢN GHI ÂM CUNG CẤP', fontSize: 14, bold: true, alignment: 'center' },
      { text: 'QĐ 587/QĐ-UBND, Điều 10.1', alignment: 'center', margin: [0, 2, 0, 10] },
      ...(paper.recording.training
        ? [{ text: 'CUỘC GỌI TẬP HUẤN: KHÔNG PHẢI PHẢN ÁNH THẬT', bold: true, margin: [0, 0, 0, 8] }]
        : []),
      rows(paperRows(paper)),
      { text: 'Diễn biến cuộc gọi', bold: true, fontSize: 12, margin: [0, 14, 0, 4] },
      paper.course.length === 0 ? { text: 'Không có ghi nhận.' } : rows(courseRows(paper)),
      { text: 'Khoảng lặng và người cùng nói', bold: true, fontSize: 12, margin: [0, 14, 0, 4] },
      paper.marks.length === 0 ? { text: 'Không có ghi nhận.' } : rows(markRows(paper)),
      {
        text: 'Chỉ dùng để xác minh phản ánh, kiến nghị nêu trên; không lưu riêng, không phát tán (QĐ 587/QĐ-UBND, Điều 12).',
        margin: [0, 14, 0, 0],
      },
      { text: 'Cách kiểm chứng: tệp HUONG-DAN.txt trong cùng gói.', fontSize: 9, margin: [0, 6, 0, 0] },
    ],
  }
}
