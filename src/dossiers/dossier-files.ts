import type { DocumentPrinter, Sheet } from '../platform/documents.ts'
import { toPaperTime } from '../platform/clock.ts'
import type { DossierPrinter } from './compiling.ts'
import { caseRows, DOSSIER_TITLE, LATE_WORDS } from './dossier-labels.ts'
import type { CasePaper, DossierPaper } from './dossier-paper.ts'

/** Dossiers as PDF and XLSX: both say the same, and carry the hash of what they say. */
export function createDossierPrinter(print: DocumentPrinter): DossierPrinter {
  return (kind, paper, hash) =>
    kind === 'pdf'
      ? print({ kind, definition: dossierDefinition(paper, hash) })
      : print({ kind, sheets: dossierSheets(paper, hash) })
}

const DRAFT = 'BẢN NHÁP – CHƯA GỬI'
const TRAINING = 'HỒ SƠ TẬP HUẤN: KHÔNG PHẢI PHẢN ÁNH THẬT'

export function dossierDefinition(paper: DossierPaper, hash: string | null): Record<string, unknown> {
  return {
    pageMargins: [57, 57, 42, 64],
    info: {
      title: `Hồ sơ ${paper.number}`,
      // Else it is the moment of drawing, and the same dossier would never be the same file twice.
      creationDate: new Date(paper.sentAt ?? paper.compiledAt),
    },
    ...(paper.sentAt === null
      ? { watermark: { text: DRAFT, color: '#8a5300', opacity: 0.15, bold: true } }
      : {}),
    content: [
      { text: paper.city.toUpperCase(), bold: true },
      { text: `Tổng đài ${paper.hotline}` },
      { text: `Số: ${paper.number}`, margin: [0, 0, 0, 14] },
      { text: DOSSIER_TITLE, fontSize: 14, bold: true, alignment: 'center', margin: [0, 0, 0, 8] },
      ...marksOf(paper).map((text) => ({ text, bold: true, alignment: 'center', margin: [0, 0, 0, 6] })),
      { text: `Kính gửi: ${paper.office}`, bold: true, margin: [0, 6, 0, 6] },
      { text: paper.cover.normalize('NFC'), alignment: 'justify', margin: [0, 0, 0, 8] },
      { text: `Căn cứ: ${paper.legalBasis}.`, margin: [0, 0, 0, 4] },
      ...paper.cases.flatMap(caseBlock),
      { text: signature(paper), margin: [0, 18, 0, 0], unbreakable: true },
      ...(hash === null
        ? []
        : [{ text: `Mã kiểm chứng nội dung (SHA-256): ${hash}`, fontSize: 8, margin: [0, 14, 0, 0] }]),
    ],
  }
}

export function dossierSheets(paper: DossierPaper, hash: string | null): Sheet[] {
  const about: [string, string][] = [
    ['Số hồ sơ', paper.number],
    ...marksOf(paper).map((mark): [string, string] => ['Lưu ý', mark]),
    ['Nơi gửi', `Tổng đài ${paper.hotline}, ${paper.city}`],
    ['Nơi nhận', paper.office],
    ['Căn cứ', paper.legalBasis],
    ['Nội dung', paper.cover],
    ['Tổng hợp lúc', toPaperTime(paper.compiledAt)],
    ['Gửi lúc', paper.sentAt === null ? DRAFT : toPaperTime(paper.sentAt)],
    ['Người gửi', paper.sentByName ?? ''],
    ['Mã kiểm chứng nội dung (SHA-256)', hash ?? ''],
  ]
  const tables = paper.cases.map((one) => new Map(caseRows(one).map(({ label, value }) => [label, value])))
  // Columns in the order of the first case that has each of them.
  const labels = [...new Set(tables.flatMap((table) => [...table.keys()]))]
  return [
    {
      name: 'Hồ sơ',
      widths: [34, 100],
      headRows: 1,
      rows: [[DOSSIER_TITLE, ''], ...about.filter(([, value]) => value !== '')].map(cells),
    },
    {
      name: 'Danh sách',
      widths: [6, ...labels.map((label) => (label === 'Nội dung' || label === 'Kết quả' ? 60 : 28))],
      headRows: 1,
      rows: [
        ['STT', ...labels],
        ...tables.map((table, index) => [
          String(index + 1),
          ...labels.map((label) => table.get(label) ?? ''),
        ]),
      ].map(cells),
    },
  ]
}

/** The longest text a cell may hold, which a citizen's words may pass. */
const LONGEST_CELL = 32_767

function cells(row: readonly string[]): string[] {
  // XML 1.0 has no control characters but tab and line ends: one of them and the file does not open.
  return row.map((text) =>
    text
      .normalize('NFC')
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .slice(0, LONGEST_CELL),
  )
}

function marksOf({ training, late }: DossierPaper): string[] {
  return [...(training ? [TRAINING] : []), ...(late ? [LATE_WORDS.toUpperCase()] : [])]
}

function signature({ sentAt, sentByName }: DossierPaper): string {
  return sentAt === null ? DRAFT : `Gửi lúc ${toPaperTime(sentAt)}, người gửi: ${sentByName ?? ''}`
}

function caseBlock(one: CasePaper, index: number): Record<string, unknown>[] {
  return [
    {
      text: `${String(index + 1)}. ${one.ticketCode}`,
      bold: true,
      fontSize: 12,
      margin: [0, 12, 0, 4],
      headlineLevel: 1,
    },
    {
      layout: 'lightHorizontalLines',
      table: {
        widths: [110, '*'],
        body: caseRows(one)
          .slice(1)
          .map(({ label, value }) => [{ text: label, bold: true }, { text: value.normalize('NFC') }]),
      },
    },
  ]
}
