import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Console } from './console.ts'

/** The one console of this page, for the components. */
export const ConsoleContext = createContext<Console | null>(null)

/** The console this component stands in. */
export function useConsole(): Console {
  const found = useContext(ConsoleContext)
  if (found === null) throw new Error('no ConsoleContext around this component')
  return found
}
