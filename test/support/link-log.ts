import type { LinkLog } from '../../src/asterisk/link.ts'
import { createInbox, type Inbox } from './inbox.ts'

/** One log line as it was written. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly fields: object
  readonly message: string
}

/** A log that tests read. */
export function createLinkLog(): { readonly log: LinkLog; readonly lines: Inbox<LogLine> } {
  const lines = createInbox<LogLine>('a log line')
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields, message })
  }
  return { log: { info: at('info'), warn: at('warn'), error: at('error') }, lines }
}

/** All that a log line shows, errors and their causes included. */
export function textOf(line: LogLine): string {
  const text = (value: unknown): string => {
    if (value instanceof Error)
      return `${value.stack ?? ''} ${text(Object.fromEntries(Object.entries(value)))} ${text(value.cause)}`
    if (typeof value !== 'object' || value === null) return String(value)
    return Object.entries(value)
      .map(([key, inner]) => `${key}=${text(inner)}`)
      .join(' ')
  }
  return `${line.message} ${text(line.fields)}`
}

/** Resolves when the link is up, with how long nothing was heard. */
export function nextUp(client: {
  onUp(listener: (up: { readonly gapMs: number }) => void): () => void
}): Promise<number> {
  return new Promise((resolve) => {
    const leave = client.onUp(({ gapMs }) => {
      leave()
      resolve(gapMs)
    })
  })
}

/** Resolves when the link goes down. */
export function nextDown(client: { onDown(listener: () => void): () => void }): Promise<void> {
  return new Promise((resolve) => {
    const leave = client.onDown(() => {
      leave()
      resolve()
    })
  })
}
