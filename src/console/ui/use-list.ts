import { useEffect, useRef, useState } from 'preact/hooks'
import { sayFailure } from '../state/failure-words.ts'

/** Loads when `key` changes; the old rows stay until the new ones are there. null: nothing loaded yet. */
export function useList<T>(key: string, load: () => Promise<T>): T | null {
  const [found, setFound] = useState<T | null>(null)
  const latest = useRef('')
  useEffect(() => {
    latest.current = key
    load().then(
      (result) => {
        if (latest.current === key) setFound(result)
      },
      (cause: unknown) => {
        sayFailure(cause)
      },
    )
    return () => {
      latest.current = ''
    }
  }, [key])
  return found
}

/** The value as it was when it stopped changing, so that typing does not ask the server at each letter. */
export function useSettled<T>(value: T, afterMs: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value)
    }, afterMs)
    return () => {
      clearTimeout(timer)
    }
  }, [value, afterMs])
  return settled
}
