import { type DocumentPrinter } from '../platform/documents.ts'
import { dueSentence, lapseSentence, SLIP_TITLE, slipRows } from './slip-labels.ts'
import { type SlipPaper } from './slip-paper.ts'

export type SlipPrinter = (paper: SlipPaper) => Promise<Buffer>

/** Slips as PDF. */
export function createSlipPrinter(print: DocumentPrinter): SlipPrinter {
  return (paper) => print({ kind: 'pdf', definition: slipDefinition(paper) })
}

function slipDefinition(paper: SlipPaper): Record<string, unknown> {
  const lapse = lapseSentence(paper)
  const due = dueSentence(paper)
  const isCurrent = lapse === null && paper.dueNow === undefined
  const marks = [
    ...(lapse === null ? [] : [lapse.toUpperCase()]),
    ...(paper.dueNow === undefined ? [] : [`HẠN NAY LÀ ${paper.dueNow}`]),
    ...(paper.training ? ['PHIẾU TẬP HUẤN: KHÔNG PHẢI PHẢN ÁNH THẬT'] : []),
    ...(paper.urgent ? ['KHẨN'] : []),
  ]
  return {
    pageMargins: [57, 57, 42, 57],
    info: { title: `Phiếu chuyển ${paper.number}` },
    content: [
      { text: paper.city.toUpperCase(), bold: true },
      { text: `Tổng đài ${paper.hotline}`, margin: [0, 0, 0, 16] },
      { text: SLIP_TITLE, fontSize: 15, bold: true, alignment: 'center', margin: [0, 0, 0, 12] },
      ...marks.map((text) => ({ text, bold: true, alignment: 'center', margin: [0, 0, 0, 8] })),
      ...(due === null
        ? []
        : [
            {
              text: [
                { text: isCurrent ? 'Hạn trả lời: ' : 'Hạn trả lời ghi trên phiếu này: ', bold: true },
                due,
              ],
              ...(isCurrent ? { background: '#fff4e0' } : {}),
              margin: [0, 0, 0, 12],
            },
          ]),
      {
        layout: 'lightHorizontalLines',
        table: {
          widths: [110, '*'],
          body: slipRows(paper, true).map(([label, value]) => [
            { text: label, bold: true },
            { text: value.normalize('NFC') },
          ]),
        },
      },
      {
        columns: [
          { qr: paper.link, fit: 90 },
          { text: paper.link, fontSize: 9, margin: [0, 36, 0, 0] },
        ],
        columnGap: 12,
        margin: [0, 16, 0, 0],
        unbreakable: true,
      },
    ],
  }
}
