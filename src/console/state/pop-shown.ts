import { effect, type ReadonlySignal } from '@preact/signals'
import type { LineState } from './line.ts'

/** The service may be away while the PBX rings: then the bell rings without a pop, this much later. */
const PATIENCE_MS = 150

/** Resolves when a pop is painted; at once where nothing is painted, after 150 ms at the latest. Never rejects. */
export async function popShown(line: ReadonlySignal<LineState>, page: Document): Promise<void> {
  if (page.hidden) return
  let stop: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const painted = new Promise<void>((resolve) => {
    stop = effect(() => {
      if (line.value.pops.length === 0) return
      // The first task after the frame: the browser has drawn it by then.
      requestAnimationFrame(() => setTimeout(resolve))
    })
  })
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS)
  })
  await Promise.race([painted, patience])
  stop?.()
  clearTimeout(timer)
}
