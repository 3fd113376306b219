import { escapeHtml, plainPage } from '../http/plain-page.ts'
import { dueSentence, lapseSentence, SLIP_TITLE, slipRows } from './slip-labels.ts'
import { type SlipPaper, withoutPersonalData } from './slip-paper.ts'

export interface SlipReader {
  /** Signed in and of those whose case it is, signed in and not, or anybody with the link. */
  readonly who: 'entitled' | 'other' | 'stranger'
  readonly pdfPath: string
}

/** Said under a page without the parts that identify a person (Đ12.2). */
const WITHHELD = {
  stranger: 'Thông tin người phản ánh chỉ hiện sau khi đăng nhập.',
  other: 'Thông tin người phản ánh chỉ hiện với đơn vị đang xử lý.',
} as const

/** The page behind the SMS link: plain HTML, read on a phone first, whole without any script. */
export function slipPage(paper: SlipPaper, reader: SlipReader): string {
  const isEntitled = reader.who === 'entitled'
  const shown = isEntitled ? paper : withoutPersonalData(paper)
  const rows = slipRows(shown, isEntitled)
    .map(([label, value]) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`)
    .join('\n')
  const lapse = lapseSentence(shown)
  const marks = [
    ...(lapse === null ? [] : [`<p class="mark lapsed">${escapeHtml(lapse)}</p>`]),
    ...(shown.training ? ['<p class="mark">Phiếu tập huấn: không phải phản ánh thật</p>'] : []),
    ...(shown.urgent ? ['<p class="mark urgent">Khẩn</p>'] : []),
  ].join('\n')
  const foot =
    reader.who === 'entitled'
      ? `<p><a href="${escapeHtml(reader.pdfPath)}">Tải phiếu dạng PDF</a></p>`
      : `<p>${WITHHELD[reader.who]}</p>`
  // From the SMS to the answer: whoever is not signed in signs in at that very address.
  const way = {
    entitled: `Mở phiếu ${paper.ticketCode} để tiếp nhận, trả lời`,
    stranger: `Đăng nhập và mở phiếu ${paper.ticketCode}`,
    other: `Mở phiếu ${paper.ticketCode}`,
  }[reader.who]
  const isCurrent = lapse === null && shown.dueNow === undefined
  const sentence = dueSentence(shown)
  // Nobody is to work against the clock of a slip that holds no more, or by an hour that was moved (A19).
  const due = [
    ...(shown.dueNow === undefined
      ? []
      : [`<p class="due"><strong>Hạn nay là:</strong> ${escapeHtml(shown.dueNow)}</p>`]),
    ...(sentence === null
      ? []
      : isCurrent
        ? [`<p class="due"><strong>Hạn trả lời:</strong> ${escapeHtml(sentence)}</p>`]
        : [`<p class="was-due">Hạn trả lời ghi trên phiếu này: ${escapeHtml(sentence)}</p>`]),
  ].join('\n')
  return plainPage(
    `Phiếu chuyển ${shown.number}`,
    `<p class="city">${escapeHtml(shown.city)} · Tổng đài ${escapeHtml(shown.hotline)}</p>
<h1>${SLIP_TITLE}</h1>
${marks}
<p class="way"><a href="/tickets/${escapeHtml(paper.ticketCode)}">${escapeHtml(way)}</a></p>
${due}
<dl>
${rows}
</dl>
${foot}`,
  )
}

/** Said for a link that never was or is cut short. */
export function slipMissingPage(hotline: string): string {
  return plainPage(
    'Không tìm thấy phiếu chuyển',
    `<h1>Không tìm thấy phiếu chuyển</h1>
<p>Đường dẫn không đúng hoặc bị cắt mất một phần. Hãy mở lại từ tin nhắn, hoặc gọi Tổng đài ${escapeHtml(hotline)}.</p>`,
  )
}

/** A file of its own, so that the page needs no inline style in its security policy. */
export const SLIP_STYLE = `:root{color-scheme:light dark}
body{margin:0 auto;max-width:44rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;background:#fff;color:#16202c;overflow-wrap:anywhere}
h1{font-size:1.25rem;line-height:1.3;margin:.25rem 0 1rem}
.city{margin:0;color:#465466}
.mark{display:inline-block;margin:0 .5rem 1rem 0;padding:.25rem .75rem;border:2px solid currentColor;border-radius:.25rem;font-weight:600}
.urgent{color:#a3140c}
.lapsed{display:block;margin-right:0;color:#a3140c}
.way a{display:inline-block;padding:.75rem 1.25rem;border-radius:.375rem;background:#0b5394;color:#fff;font-weight:600;text-decoration:none}
.due{padding:.75rem 1rem;border-left:.375rem solid #8a5300;background:#fff4e0;color:#3b2500}
dl{margin:1rem 0}
dl div{padding:.5rem 0;border-top:1px solid #c9d2dc}
dt{font-weight:600;color:#465466}
dd{margin:0;white-space:pre-wrap}
a{color:#0b5394}
@media (min-width:36rem){dl div{display:grid;grid-template-columns:10rem 1fr;gap:1rem}}
@media (prefers-color-scheme:dark){body{background:#11161c;color:#e7edf3}.city,dt{color:#aebac7}.due{background:#3a2a08;color:#ffe9c2}dl div{border-color:#37424e}a{color:#8cc4ff}.urgent,.lapsed{color:#ff9d94}}
@media print{a{display:none}}
.phone{white-space:nowrap}
`
