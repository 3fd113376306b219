import { useComputed } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Console } from './console.ts'
import type { LineState } from './line.ts'

/** The one console of this page, for the components. */
export const ConsoleContext = createContext<Console | null>(null)

/** The console this component stands in. */
export function useConsole(): Console {
  const found = useContext(ConsoleContext)
  if (found === null) throw new Error('no ConsoleContext around this component')
  return found
}

/** One part of the line; the component is drawn anew when that part changes, and not for every message that comes. */
export function useLine<T>(part: (line: LineState) => T): T {
  const { line } = useConsole()
  return useComputed(() => part(line.value)).value
}
