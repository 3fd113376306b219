import { parentPort, workerData } from 'node:worker_threads'
import type { DrawnDocument, Sheet } from './documents.ts'
import { giveWay } from './serve-thread.ts'

/** Draws one document and ends. Runs in a thread of its own: layout and fonts take longer than a screen-pop may wait. */
giveWay()
const document = workerData as DrawnDocument
const bytes = document.kind === 'pdf' ? await drawPdf(document.definition) : await drawXlsx(document.sheets)

parentPort?.postMessage(bytes)

async function drawPdf(definition: Readonly<Record<string, unknown>>): Promise<Uint8Array> {
  const { default: pdfmake } = await import('pdfmake')
  const { default: roboto } = await import('pdfmake/fonts/Roboto.js')
  pdfmake.setFonts(roboto)
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => Object.values(roboto['Roboto'] ?? {}).includes(path))
  return pdfmake
    .createPdf({
      pageSize: 'A4',
      defaultStyle: { font: 'Roboto', fontSize: 11, lineHeight: 1.25 },
      ...definition,
    })
    .getBuffer()
}

async function drawXlsx(sheets: readonly Sheet[]): Promise<Uint8Array> {
  const { default: writeExcelFile } = await import('write-excel-file/node')
  return writeExcelFile(
    sheets.map(({ name, widths, headRows, rows }) => ({
      sheet: name,
      columns: widths.map((width) => ({ width })),
      stickyRowsCount: headRows,
      orientation: 'landscape',
      data: rows.map((row, index) =>
        row.map((value) => ({
          value,
          // A cell of the kind "text" is never a formula, whatever it begins with (OWASP, "CSV injection").
          type: String,
          wrap: true,
          alignVertical: 'top',
          ...(index < headRows ? { fontWeight: 'bold' } : {}),
        })),
      ),
    })),
  ).toBuffer()
}
