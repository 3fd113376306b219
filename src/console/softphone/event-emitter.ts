type Listener = (...values: unknown[]) => void

/**
 * What JsSIP asks of Node's `events`, in place of a browser's copy of all of it (config/tooling/slim-jssip.ts puts it there).
 * As there: listeners hear in the order they came, each as often as it was added, and whoever comes or goes while an event is
 * told changes nothing of that telling.
 */
export class EventEmitter {
  readonly #listeners = new Map<string, readonly Listener[]>()

  on(name: string, listener: Listener): this {
    this.#listeners.set(name, [...this.listeners(name), listener])
    return this
  }

  /** Takes the one away that was added last. */
  removeListener(name: string, listener: Listener): this {
    const all = this.listeners(name)
    const last = all.lastIndexOf(listener)
    this.#listeners.set(
      name,
      all.filter((_, index) => index !== last),
    )
    return this
  }

  listeners(name: string): readonly Listener[] {
    return this.#listeners.get(name) ?? []
  }

  emit(name: string, ...values: unknown[]): boolean {
    const all = this.listeners(name)
    for (const listener of all) listener.apply(this, values)
    return all.length > 0
  }
}
