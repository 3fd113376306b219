import { effect, type ReadonlySignal } from '@preact/signals'
import { afterDrawing } from './after-drawing.ts'
import type { LineState } from './line.ts'

/** The service may be away while the PBX rings: then the bell rings without a pop, this much later. */
const PATIENCE_MS = 150

/** Resolves when a pop is painted with all that is known; at once where nothing is painted, after 150 ms at the latest. Never rejects. */
export async function popShown(line: ReadonlySignal<LineState>, page: Document): Promise<void> {
  if (page.hidden) return
  let stop: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const painted = new Promise<void>((resolve) => {
    stop = effect(() => {
      if (line.value.pops.length === 0) return
      afterDrawing(page, resolve)
    })
  })
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS)
  })
  await Promise.race([painted, patience])
  stop?.()
  clearTimeout(timer)
}
