/** What comes next by time; of the same time, what was put in first. A binary heap: each costs the logarithm of what waits. */
export function createDueQueue<T>() {
  const heap: { readonly atMs: number; readonly order: number; readonly thing: T }[] = []
  let order = 0

  const isSooner = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]]
    if (one === undefined || other === undefined) return false
    return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs
  }
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]]
    if (one === undefined || other === undefined) return
    heap[a] = other
    heap[b] = one
  }

  return {
    add(atMs: number, thing: T): void {
      heap.push({ atMs, order, thing })
      order += 1
      for (let at = heap.length - 1; at > 0;) {
        const parent = (at - 1) >> 1
        if (!isSooner(at, parent)) return
        swap(at, parent)
        at = parent
      }
    },
    nextAt: (): number | undefined => heap[0]?.atMs,
    take(): T | undefined {
      const first = heap[0]
      swap(0, heap.length - 1)
      heap.pop()
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2]
        const child = isSooner(right, left) ? right : left
        if (!isSooner(child, at)) return first?.thing
        swap(at, child)
        at = child
      }
    },
  }
}
