import { useState } from 'preact/hooks'
import type { TicketView } from '../../tickets/contract.ts'
import { codeOf } from '../api.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'

/** Saves first, then acts on the version that came back; says what happened either way, or leaves a failure to `onFailure`. */
export function useAct(editor: TicketEditor, onFailure?: (code: string) => void) {
  const [busy, setBusy] = useState(false)
  const act = async (
    work: (code: string, version: number) => Promise<TicketView>,
    done: string,
  ): Promise<boolean> => {
    setBusy(true)
    try {
      if (!(await editor.flush())) {
        // The form itself says that it could not be saved; whoever acts elsewhere on the page hears it there.
        onFailure?.(editor.problem.value ?? 'OFFLINE')
        return false
      }
      const current = editor.ticket.value
      if (current === null) return false
      editor.attach(await work(current.code, current.version))
      sayDone(done)
      return true
    } catch (cause) {
      if (onFailure === undefined) sayFailure(cause)
      else onFailure(codeOf(cause))
      await editor.reload().catch(() => undefined) // the failure has been said; the fresh copy is a courtesy
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, act }
}
