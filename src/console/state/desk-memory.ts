import type { Pop } from '../../calls/contract.ts'
import type { LineState } from './line.ts'
import type { TicketEditor } from './ticket-editor.ts'

const CASE_KEY = 'open-case'
const POP_KEY = 'call-pop'

/**
 * What stands on the desk, kept through a reload of the tab and a session that ran out: the open case, and who is on
 * the line. Another person at the same tab finds an empty desk.
 */
export function createDeskMemory(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  personId: () => number | undefined,
) {
  let pop: Pop | null = readPop(storage.getItem(POP_KEY))

  const put = (key: string, value: string | null): void => {
    if (value === null) storage.removeItem(key)
    else storage.setItem(key, value)
  }

  return {
    openCase(): string | null {
      const [owner, code] = (storage.getItem(CASE_KEY) ?? '').split(' ')
      return code !== undefined && owner === String(personId()) ? code : null
    },
    /** Reads the signals it needs, so an effect around it runs again when they change. */
    keep(editor: TicketEditor | null, callPop: Pop | null): void {
      // Without a case, or before its first copy has come, what was remembered stays.
      const code = editor?.ticket.value?.code
      if (code !== undefined) put(CASE_KEY, `${String(personId())} ${code}`)
      if (callPop === null) return
      pop = callPop
      put(POP_KEY, JSON.stringify(callPop))
    },
    /** A snapshot tells of the running call but not again of its caller. */
    withPop(line: LineState): LineState {
      if (line.callPop !== null || pop === null || line.call?.id !== pop.callId) return line
      return { ...line, callPop: pop }
    },
    /** The operator put the case away. */
    caseClosed(): void {
      put(CASE_KEY, null)
    },
    forget(): void {
      pop = null
      put(CASE_KEY, null)
      put(POP_KEY, null)
    },
  }
}

function readPop(text: string | null): Pop | null {
  if (text === null) return null
  try {
    return JSON.parse(text) as Pop
  } catch {
    return null // written by another version of the page
  }
}
