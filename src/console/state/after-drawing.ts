/** Frames of a page that is busy or covered may be long in coming. */
const PATIENCE_MS = 100

/**
 * Calls back in the second task after the next picture: in the first the browser may still be handing it on. A page that is
 * not seen draws nothing, and is called back at once; one that does not come to draw, after 100 ms.
 */
export function afterDrawing(page: Document, then: () => void): void {
  if (page.hidden) {
    then()
    return
  }
  let called = false
  const once = (): void => {
    if (called) return
    called = true
    clearTimeout(patience)
    then()
  }
  const patience = setTimeout(once, PATIENCE_MS)
  requestAnimationFrame(() => setTimeout(() => setTimeout(once)))
}
