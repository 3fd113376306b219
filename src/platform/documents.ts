import { AppError } from './errors.ts'
import { askOnce } from './one-shot-thread.ts'

/** What is drawn, as plain data that a thread can be handed. */
export type DrawnDocument =
  | { readonly kind: 'pdf'; readonly definition: Readonly<Record<string, unknown>> }
  | { readonly kind: 'xlsx'; readonly sheets: readonly Sheet[] }

/** One sheet of a workbook. Every cell is text: what begins with = + - or @ is read, never reckoned. */
export interface Sheet {
  readonly name: string
  /** Widths of columns in characters. */
  readonly widths: readonly number[]
  /** Rows at the top that stay in sight, printed bold. */
  readonly headRows: number
  readonly rows: readonly (readonly string[])[]
}

export type DocumentPrinter = (document: DrawnDocument) => Promise<Buffer>

const DEADLINE_MS = 20_000
const PROGRAM = new URL('./document-worker.ts', import.meta.url)

/** Draws PDF and XLSX, one at a time, each in a thread that ends with it: no memory is held between two. Throws PDF_FAILED. */
export function createDocumentPrinter(): DocumentPrinter {
  let before: Promise<unknown> = Promise.resolve()
  return (document) => {
    const drawn = before.then(() => draw(document))
    before = drawn.catch(() => undefined) // the next document does not suffer from this one; its asker hears of it
    return drawn
  }
}

async function draw(document: DrawnDocument): Promise<Buffer> {
  const bytes = await askOnce<Uint8Array>({
    program: PROGRAM,
    workerData: document,
    deadlineMs: DEADLINE_MS,
    gone: (cause) => new AppError('unavailable', 'PDF_FAILED', 'the document could not be drawn', { cause }),
  })
  return Buffer.from(bytes)
}
