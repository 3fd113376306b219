import { effect, type ReadonlySignal } from '@preact/signals'
import { afterDrawing } from './after-drawing.ts'
import type { LineState } from './line.ts'
import type { PopAhead } from './pop-ahead.ts'

/** The service may be away while the PBX rings: then the bell rings without a pop, this much later. */
const PATIENCE_MS = 150

/**
 * Resolves when who rings is painted; at once where nothing is painted, after 150 ms at the latest. Never rejects. A pop that was
 * drawn ahead is painted when it makes room for the line: the bell's own changes then go into one picture with what else is known.
 */
export async function popShown(
  { line, popAhead }: { readonly line: ReadonlySignal<LineState>; readonly popAhead: PopAhead['pop'] },
  page: Document,
): Promise<void> {
  if (page.hidden) return
  let stop: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let wasAhead = false
  const painted = new Promise<void>((resolve) => {
    stop = effect(() => {
      if (popAhead.value !== null) wasAhead = true
      else if (wasAhead) resolve()
      else if (line.value.pops.length > 0) afterDrawing(page, resolve)
    })
  })
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS)
  })
  await Promise.race([painted, patience])
  stop?.()
  clearTimeout(timer)
}
